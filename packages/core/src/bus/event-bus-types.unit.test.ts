import { expectTypeOf, test } from 'vitest';
import type { DomainEvent, NoData } from '../index.ts';
import { TaskCompleted, TaskCreated } from './bus.fixture.ts';
import type { EventBus } from './event-bus.ts';
import type { HandlerContext } from './event-handler.ts';
import { ALL_EVENTS } from './event-selector.ts';
import { InMemoryEventBus } from './in-memory-event-bus.ts';

test('handlers are typed by what they subscribe to', async () => {
  await using bus: EventBus = new InMemoryEventBus();
  bus.subscribe(TaskCreated, async (event, context) => {
    expectTypeOf(event).toEqualTypeOf<DomainEvent<'TaskCreated', { title: string }>>();
    expectTypeOf(context).toEqualTypeOf<HandlerContext>();
  });
  bus.subscribe([TaskCreated, TaskCompleted], (event) => {
    expectTypeOf(event.type).toEqualTypeOf<'TaskCreated' | 'TaskCompleted'>();
    if (event.type === 'TaskCreated') expectTypeOf(event.data).toEqualTypeOf<{ title: string }>();
    else expectTypeOf(event.data).toEqualTypeOf<NoData>();
  });
  bus.subscribe(ALL_EVENTS, (event) => {
    expectTypeOf(event).toEqualTypeOf<DomainEvent>();
    expectTypeOf(event.data).toBeUnknown();
  });
  bus.subscribe(['A', 'B'], (event) => expectTypeOf(event).toEqualTypeOf<DomainEvent>(), { name: 'types' });
  // @ts-expect-error: the handler is for another event
  bus.subscribe(TaskCompleted, (event: DomainEvent<'TaskCreated', { title: string }>) => event.data.title, { name: 'wrong' });
});

test('a subclass sees the same types', async () => {
  await using bus = new InMemoryEventBus();
  bus.subscribe(TaskCreated, (event) => {
    expectTypeOf(event.data.title).toBeString();
  });
});
