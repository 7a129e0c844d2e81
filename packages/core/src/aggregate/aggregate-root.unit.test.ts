import { describe, expect, expectTypeOf, test } from 'vitest';
import { type AggregateRoot, defineEvent, withMessageContext } from '../index.ts';
import { Task, TaskCreated, type TaskState } from './task.fixture.ts';

describe('AggregateRoot', () => {
  test('applies what it raises and keeps it pending, with its own id, type and version', () => {
    const task = new Task('t-1');
    const event = task.create('Learn');
    task.complete();

    expect(task.state).toEqual({ title: 'Learn', renamed: 0, completed: true });
    expect(task.version).toBe(2);
    expect(task.pendingEvents[0]).toBe(event);
    expect(task.pendingEvents).toMatchObject([
      { type: 'TaskCreated', aggregateType: 'Task', aggregateId: 't-1', version: 1, data: { title: 'Learn' } },
      { type: 'TaskCompleted', aggregateType: 'Task', aggregateId: 't-1', version: 2 },
    ]);
    expect(Object.isFrozen(event)).toBe(true);
  });

  test('is unchanged when data is not valid or apply throws', () => {
    class Picky extends Task {
      protected override apply(): TaskState {
        throw new Error('cannot');
      }
    }
    const task = new Task('t-1');
    const picky = new Picky('t-2');

    expect(() => task.create(7 as never)).toThrow(expect.objectContaining({ code: 'ES_INVALID_EVENT_DATA' }));
    expect(() => picky.create('x')).toThrow('cannot');
    expect([task.version, task.pendingEvents, picky.version, picky.pendingEvents]).toEqual([0, [], 0, []]);
  });

  test('refuses to raise what it could not load again', () => {
    const Strange = defineEvent('Strange');
    const LookAlike = defineEvent('TaskCreated', { schema: TaskCreated.schema });
    class Raiser extends Task {
      strange(): void {
        this.raise(Strange as never, ...([] as never));
      }

      lookAlike(): void {
        this.raise(LookAlike, { title: 'x' });
      }
    }

    expect(() => new Raiser('t').strange()).toThrow(
      expect.objectContaining({ code: 'ES_EVENT_DEFINITION', message: expect.stringContaining('Strange') }),
    );
    expect(() => new Raiser('t').lookAlike()).toThrow(expect.objectContaining({ code: 'ES_EVENT_DEFINITION' }));
  });

  test('hands on the message context, else what is saved together shares a conversation', () => {
    const inContext = new Task('t-1');
    withMessageContext({ correlationId: 'c', causationId: 'm', actorId: 'ann', tenantId: 'acme' }, () => inContext.create('x'));
    const alone = new Task('t-2');
    alone.create('x');
    alone.complete();
    const [first, second] = alone.pendingEvents;

    expect(inContext.pendingEvents[0]).toMatchObject({ correlationId: 'c', causationId: 'm', actorId: 'ann', tenantId: 'acme' });
    expect(first).toMatchObject({ correlationId: first?.id, causationId: first?.id });
    expect(second).toMatchObject({ correlationId: first?.id, causationId: first?.id });
  });

  test('reads fields of the subclass in initialState', () => {
    class WithField extends Task {
      readonly title = 'from a field';

      protected override initialState(): TaskState {
        return { title: this.title, renamed: 0, completed: false };
      }
    }

    expect(new WithField('t').state.title).toBe('from a field');
  });

  test.each([
    ['an empty id', () => new Task(''), 'ES_INVALID_ARGUMENT'],
    [
      'a class without a type',
      () =>
        new (class extends Task {
          static override readonly aggregateType = '';
        })('t'),
      'ES_EVENT_DEFINITION',
    ],
    [
      'a class without events',
      () =>
        new (class extends Task {
          static override readonly events = undefined as never;
        })('t'),
      'ES_EVENT_DEFINITION',
    ],
  ])('refuses %s', (_what, make, code) => {
    expect(make).toThrow(expect.objectContaining({ code }));
  });

  test('keeps the types of its state and events', () => {
    expectTypeOf<Task['state']>().toEqualTypeOf<TaskState>();
    expectTypeOf<Task['pendingEvents'][number]['type']>().toEqualTypeOf<'TaskCreated' | 'TaskRenamed' | 'TaskCompleted'>();
    expectTypeOf<Task>().toExtend<AggregateRoot<TaskState, never> | object>();
  });
});
