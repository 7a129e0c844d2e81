import type { DomainEvent, NoData } from '@es/core';
import { expectTypeOf, test } from 'vitest';
import { DeclarativeProjection } from './declarative-projection.ts';
import { defineProjection } from './define-projection.ts';
import { on, type ProjectionContext, type ProjectionHandler } from './projection-handler.ts';
import { TaskCompleted, TaskCreated } from './tasks.fixture.ts';

test('handlers are typed by the definitions that they are declared for', () => {
  defineProjection({
    name: 'p',
    handlers: [
      on(TaskCreated, (event, context) => {
        expectTypeOf(event).toEqualTypeOf<DomainEvent<'TaskCreated', { title: string }>>();
        expectTypeOf(context).toEqualTypeOf<ProjectionContext>();
      }),
      on([TaskCreated, TaskCompleted], async (event) => {
        expectTypeOf(event.type).toEqualTypeOf<'TaskCreated' | 'TaskCompleted'>();
        if (event.type === 'TaskCreated') expectTypeOf(event.data).toEqualTypeOf<{ title: string }>();
        else expectTypeOf(event.data).toEqualTypeOf<NoData>();
      }),
    ],
  });
  // @ts-expect-error: the handler is for another event
  on(TaskCompleted, (event: DomainEvent<'TaskCreated', { title: string }>) => event.data.title);
});

test('a class declares them as a field, with its own members at hand', () => {
  class Titles extends DeclarativeProjection {
    readonly titles: string[] = [];
    protected readonly handlers = [on(TaskCreated, (event) => this.titles.push(event.data.title))];
  }
  expectTypeOf<Titles>().toExtend<DeclarativeProjection>();
  expectTypeOf(on(TaskCreated, () => undefined)).toEqualTypeOf<ProjectionHandler>();
});
