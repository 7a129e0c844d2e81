import { InMemoryEventBus, InMemoryEventStore } from '@es/core';
import { getLogger } from '@es/otel';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { defineProjection } from './define-projection.ts';
import { on } from './projection-handler.ts';
import { storeOfTasks, TaskArchived, TaskCompleted, TaskCounts, TaskCreated, taskEvent } from './tasks.fixture.ts';

beforeAll(() => getLogger('eventsource.bus').setLevel('silent'));

const atOnce = { maxAttempts: 3, initialDelayMs: 0 };

describe('fed by a bus', () => {
  test('a projection gets the events that it handles, under its name', async () => {
    await using bus = new InMemoryEventBus({ retry: atOnce });
    const counts = new TaskCounts({ name: 'task-counts' });
    const subscription = counts.subscribeTo(bus);
    expect(subscription.name).toBe('task-counts');
    await bus.startConsuming();
    await bus.publish([taskEvent(TaskCreated.create({ title: 'a' })), taskEvent(TaskArchived.create()), taskEvent(TaskCompleted.create())]);
    await bus.whenIdle();
    expect(counts).toMatchObject({ open: 0, completed: 1 });
    expect(await bus.deadLetters.count()).toBe(0);
    subscription.unsubscribe();
    await bus.publish([taskEvent(TaskCreated.create({ title: 'b' }))]);
    await bus.whenIdle();
    expect(counts.open).toBe(0);
  });

  test('handlers are retried by the bus and learn of it', async () => {
    await using bus = new InMemoryEventBus({ retry: atOnce });
    const attempts: number[] = [];
    const projection = defineProjection({
      name: 'p',
      handlers: [
        on(TaskCreated, (_event, { attempt }) => {
          attempts.push(attempt);
          throw new Error('no');
        }),
      ],
    });
    projection.subscribeTo(bus);
    await bus.startConsuming();
    await bus.publish([taskEvent(TaskCreated.create({ title: 'a' }))]);
    await bus.whenIdle();
    expect(attempts).toEqual([1, 2, 3]);
    expect(await bus.deadLetters.list()).toMatchObject([
      { handler: 'p', error: { name: 'ProjectionError', code: 'ES_PROJECTION_FAILED' } },
    ]);
  });

  test('where others are an error, they are', async () => {
    await using bus = new InMemoryEventBus({ retry: { maxAttempts: 1 } });
    const counts = new TaskCounts({ unhandled: 'error' });
    counts.subscribeTo(bus);
    await bus.startConsuming();
    await bus.publish([taskEvent(TaskCreated.create({ title: 'a' })), taskEvent(TaskArchived.create())]);
    await bus.whenIdle();
    expect(counts.open).toBe(1);
    expect(await bus.deadLetters.list()).toMatchObject([{ handler: 'TaskCounts', content: { event: { type: 'TaskArchived' } } }]);
  });
});

describe('fed by a store', () => {
  test('a projection catches up and goes on from there', async () => {
    const store = await storeOfTasks();
    const counts = new TaskCounts();
    const position = await counts.catchUp(store);
    expect(position).toBe(5n);
    expect(counts).toMatchObject({ open: 2, completed: 1, titles: ['A', 'B', 'C'] });

    expect(await counts.catchUp(store, { after: position })).toBe(5n);
    await store.appendEvents({ aggregateType: 'Task', aggregateId: 'd' }, [TaskCreated.create({ title: 'D' })], { expectedVersion: 'any' });
    expect(await counts.catchUp(store, { after: position })).toBe(6n);
    expect(counts.titles).toEqual(['A', 'B', 'C', 'D']);
  });

  test('reads only what it handles, whatever else the store holds and knows', async () => {
    const store = new InMemoryEventStore({ events: [TaskArchived] });
    const append = (event: ReturnType<typeof TaskArchived.create>) =>
      store.appendEvents({ aggregateType: 'Task', aggregateId: 'a' }, [event], { expectedVersion: 'any' });
    await append(TaskArchived.create());
    const readAll = vi.spyOn(store, 'readAll');
    expect(await new TaskCounts().catchUp(store)).toBe(1n);
    expect(readAll).toHaveBeenCalledWith(expect.objectContaining({ types: ['TaskCreated', 'TaskCompleted'], after: 0n, upTo: 1n }));
  });

  test('of an empty store there is nothing to catch up on', async () => {
    expect(await new TaskCounts().catchUp(new InMemoryEventStore())).toBe(0n);
    expect(await new TaskCounts().catchUp(new InMemoryEventStore(), { after: 9n })).toBe(9n);
  });

  test('does not chase events that are appended meanwhile', async () => {
    const store = await storeOfTasks();
    const append = () =>
      store.appendEvents({ aggregateType: 'Task', aggregateId: 'new' }, [TaskCreated.create({ title: 'new' })], { expectedVersion: 'any' });
    const projection = defineProjection({ name: 'p', handlers: [on(TaskCreated, append)] });
    expect(await projection.catchUp(store)).toBe(5n);
    expect(await store.getHeadPosition()).toBe(8n);
  });

  test('stops at the first failure and says where', async () => {
    const store = await storeOfTasks();
    const counts = new TaskCounts({ unhandled: 'error' });
    await expect(counts.catchUp(store)).rejects.toMatchObject({ code: 'ES_PROJECTION_FAILED', position: 5n, eventType: 'TaskArchived' });
    expect(counts.titles).toEqual(['A', 'B', 'C']);
  });

  test('ends between two events when its signal is aborted', async () => {
    const store = await storeOfTasks();
    const enough = new AbortController();
    const seen: (bigint | undefined)[] = [];
    const projection = defineProjection({
      name: 'p',
      handlers: [
        on(TaskCreated, (_event, { position }) => {
          seen.push(position);
          enough.abort();
        }),
      ],
    });
    await expect(projection.catchUp(store, { signal: enough.signal })).rejects.toMatchObject({ code: 'ES_ABORTED' });
    expect(seen).toEqual([1n]);
    await expect(projection.catchUp(store, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ES_ABORTED' });
  });
});
