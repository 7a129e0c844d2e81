import { describe, expect, expectTypeOf, test } from 'vitest';
import { createCommandHandler, defineDecider, defineEvent, type EventOf, InMemoryEventStore, withMessageContext } from '../index.ts';
import { type TaskCommand, type TaskDefinition, type TaskState, taskDecider } from './task.fixture.ts';

const setUp = () => {
  const eventStore = new InMemoryEventStore();
  return { eventStore, handler: createCommandHandler({ eventStore, decider: taskDecider, retry: { initialDelayMs: 0, maxAttempts: 50 } }) };
};

describe('command handler', () => {
  test('loads, decides and appends', async () => {
    const { handler } = setUp();
    const created = await handler.handle('t-1', { do: 'create', title: 'x' });
    const completed = await handler.handle('t-1', { do: 'complete' });

    expect(created).toMatchObject({ version: 1, position: 1n, state: { title: 'x' }, events: [{ type: 'TaskCreated', version: 1 }] });
    expect(completed).toMatchObject({ version: 2, position: 2n, state: { completed: true } });
  });

  test('a command that changes nothing appends nothing', async () => {
    const { handler } = setUp();
    await handler.handle('t-1', { do: 'create', title: 'x' });
    const completed = await handler.handle('t-1', { do: 'complete' });

    expect(await handler.handle('t-1', { do: 'complete' })).toEqual({ ...completed, events: [] });
  });

  test('commands at once on one aggregate are all decided on what the others left', async () => {
    const { handler, eventStore } = setUp();
    await handler.handle('t-1', { do: 'create', title: 'x' });
    await Promise.all(Array.from({ length: 10 }, (_, i) => handler.handle('t-1', { do: 'rename', title: `${i}` })));
    await Promise.all([1, 2, 3].map(() => handler.handle('t-1', { do: 'complete' })));

    expect((await eventStore.readAll().toArray()).map((event) => event.version)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
  });

  test('an expected version that is not met is an error at once', async () => {
    const { handler } = setUp();
    await handler.handle('t-1', { do: 'create', title: 'x' }, { expectedVersion: 'no-stream' });

    await expect(handler.handle('t-1', { do: 'complete' }, { expectedVersion: 7 })).rejects.toMatchObject({
      code: 'ES_CONCURRENCY',
      expectedVersion: 7,
      actualVersion: 1,
    });
    expect(await handler.handle('t-1', { do: 'complete' }, { expectedVersion: 1 })).toMatchObject({ version: 2 });
  });

  test('what decide throws reaches the caller as it is', async () => {
    const refusal = new Error('not today');
    const refusing = defineDecider({
      ...taskDecider,
      decide: (_command: TaskCommand): undefined => {
        throw refusal;
      },
    });

    await expect(
      createCommandHandler({ eventStore: new InMemoryEventStore(), decider: refusing }).handle('t', { do: 'complete' }),
    ).rejects.toBe(refusal);
  });

  test('hands on the message context, and refuses events that the decider does not list', async () => {
    const { handler } = setUp();
    const { events } = await withMessageContext({ correlationId: 'c', causationId: 'cmd-1' }, () =>
      handler.handle('t-1', { do: 'create', title: 'x' }),
    );
    expect(events[0]).toMatchObject({ correlationId: 'c', causationId: 'cmd-1' });

    const Alien = defineEvent('Alien');
    const alien = defineDecider({ ...taskDecider, decide: (_command: TaskCommand) => Alien.create() as never });
    await expect(
      createCommandHandler({ eventStore: new InMemoryEventStore(), decider: alien }).handle('t', { do: 'complete' }),
    ).rejects.toMatchObject({ code: 'ES_EVENT_DEFINITION' });
  });

  test('infers commands, state and events', () => {
    const { handler } = setUp();
    expectTypeOf(handler.handle).parameter(1).toEqualTypeOf<TaskCommand>();
    expectTypeOf<Awaited<ReturnType<typeof handler.handle>>['state']>().toEqualTypeOf<TaskState>();
    expectTypeOf<Awaited<ReturnType<typeof handler.handle>>['events']>().toEqualTypeOf<readonly EventOf<TaskDefinition>[]>();
  });
});
