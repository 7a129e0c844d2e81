import type { Logger } from '@es/otel';
import { describe, expect, test, vi } from 'vitest';
import {
  AggregateRepository,
  createCommandHandler,
  InMemoryEventStore,
  InMemorySnapshotStore,
  type JsonValue,
  type Snapshot,
} from '../index.ts';
import { Task, type TaskState, taskDecider } from './task.fixture.ts';

const stream = { aggregateType: 'Task', aggregateId: 't-1' };

/** Keeps what is logged to itself. */
const silent = () => {
  const logger = {
    trace: vi.fn(),
    debug: vi.fn(),
    info: vi.fn(),
    warn: vi.fn(),
    error: vi.fn(),
    fatal: vi.fn(),
    child: (): Logger => logger,
    isLevelEnabled: () => true,
  };
  return logger;
};

const setUp = (aggregate: typeof Task = Task, every?: number) => {
  const eventStore = new InMemoryEventStore();
  const store = new InMemorySnapshotStore();
  const logger = silent();
  const snapshots = { store, ...(every === undefined ? {} : { every }) };
  return { eventStore, store, logger, tasks: new AggregateRepository({ eventStore, aggregate, snapshots, logger }) };
};

const grow = async (tasks: AggregateRepository<Task>, renames: number): Promise<Task> => {
  const task = tasks.createNew('t-1');
  task.create('x');
  await tasks.save(task);
  for (let i = 1; i <= renames; i += 1) {
    task.rename(`${i}`);
    await tasks.save(task);
  }
  return task;
};

const renameTimes = (task: Task, times: number): void => {
  for (let i = 1; i <= times; i += 1) task.rename(`${i}`);
};

describe('snapshots', () => {
  test('are taken by policy with the save that completes the number of events', async () => {
    const { tasks, store } = setUp(Task, 3);
    await grow(tasks, 1);
    expect(await store.exists(stream)).toBe(false);
    await tasks.update('t-1', (task) => renameTimes(task, 4));

    expect(await store.get(stream)).toMatchObject({ version: 6, stateSchemaVersion: 1, state: { title: '4', renamed: 5 } });
  });

  test('are taken on demand, of saved aggregates only', async () => {
    const { tasks, store } = setUp();
    const task = await grow(tasks, 2);
    await tasks.createSnapshot(task);
    task.rename('unsaved');

    expect(await store.get(stream)).toMatchObject({ version: 3 });
    await expect(tasks.createSnapshot(task)).rejects.toMatchObject({ code: 'ES_INVALID_ARGUMENT' });
    await expect(tasks.createSnapshot(tasks.createNew('t-2'))).rejects.toMatchObject({ code: 'ES_INVALID_ARGUMENT' });
    const without = new AggregateRepository({ eventStore: new InMemoryEventStore(), aggregate: Task });
    await expect(without.createSnapshot(await tasks.load('t-1'))).rejects.toThrow(/snapshots: \{ store \}/);
  });

  test('spare the events before them', async () => {
    const { tasks, store } = setUp();
    await tasks.createSnapshot(await grow(tasks, 2));
    const snapshot = await store.get(stream);
    await store.delete(stream);
    await store.save({ ...(snapshot as Snapshot), state: { title: 'from the snapshot', renamed: 100, completed: false } });
    await tasks.update('t-1', (task) => task.complete());

    expect((await tasks.load('t-1')).state).toEqual({ title: 'from the snapshot', renamed: 100, completed: true });
    expect((await tasks.load('t-1')).version).toBe(4);
  });

  test.each([
    ['another state schema version', { stateSchemaVersion: 2 }],
    ['a version ahead of the stream', { version: 99 }],
  ])('with %s are passed over for a full replay', async (_what, wrong) => {
    const { tasks, store } = setUp();
    await grow(tasks, 2);
    await store.save({
      ...stream,
      version: 2,
      stateSchemaVersion: 1,
      state: { title: 'wrong', renamed: 0, completed: true },
      createdAt: '',
      ...wrong,
    });

    expect((await tasks.load('t-1')).state).toEqual({ title: '2', renamed: 2, completed: false });
  });

  test('ahead of the stream are dropped, so that a good one can follow', async () => {
    const { tasks, store, logger } = setUp();
    await grow(tasks, 2);
    await store.save({ ...stream, version: 99, stateSchemaVersion: 1, state: {}, createdAt: '' });
    await tasks.createSnapshot(await tasks.load('t-1'));

    expect(await store.get(stream)).toMatchObject({ version: 3 });
    expect(logger.warn).toHaveBeenCalledOnce();
  });

  test('that are corrupt, or a store that fails, cost no more than a warning', async () => {
    class Coded extends Task {
      static readonly stateCodec = {
        schemaVersion: 1,
        encode: (state: TaskState): JsonValue => ({ ...state }),
        decode: (): TaskState => {
          throw new Error('corrupt');
        },
      };
    }
    const { tasks, store, logger } = setUp(Coded, 2);
    await grow(tasks, 3);
    expect((await tasks.load('t-1')).state.renamed).toBe(3);
    expect(logger.warn).toHaveBeenCalledOnce();

    vi.spyOn(store, 'save').mockRejectedValue(new Error('full'));
    vi.spyOn(store, 'get').mockRejectedValue(new Error('gone'));
    await tasks.update('t-1', (task) => renameTimes(task, 3));
    expect((await tasks.load('t-1')).version).toBe(7);
  });

  test('serve deciders too', async () => {
    const { eventStore, store } = setUp();
    const handler = createCommandHandler({ eventStore, decider: taskDecider, snapshots: { store, every: 2 } });
    await handler.handle('t-1', { do: 'create', title: 'x' });
    await handler.handle('t-1', { do: 'rename', title: 'y' });

    expect(await store.get(stream)).toMatchObject({ version: 2, state: { title: 'y' } });
    expect((await handler.handle('t-1', { do: 'complete' })).state).toEqual({ title: 'y', renamed: 1, completed: true });
  });

  test('refuse a policy that can never be met', () => {
    expect(() => setUp(Task, 0)).toThrow(expect.objectContaining({ code: 'ES_INVALID_ARGUMENT' }));
  });
});
