import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { AggregateRepository, defineEvent, type EventStore, hasErrorCode, InMemoryEventStore } from '../index.ts';
import { Task, TaskCreated } from './task.fixture.ts';

const setUp = (eventStore: EventStore = new InMemoryEventStore()) => ({
  eventStore,
  tasks: new AggregateRepository({ eventStore, aggregate: Task }),
});

/** A store whose next append does something else first, or fails. */
class Hindered extends InMemoryEventStore {
  before: () => Promise<void> = async () => undefined;
  after: () => Promise<void> = async () => undefined;

  override async appendEvents(...args: Parameters<InMemoryEventStore['appendEvents']>): Promise<{ version: number; position: bigint }> {
    await this.before();
    const result = await super.appendEvents(...args);
    await this.after();
    return result;
  }
}

describe('AggregateRepository', () => {
  test('saves what is pending and rebuilds it', async () => {
    const { tasks } = setUp();
    const task = tasks.createNew('t-1');
    task.create('Learn');
    const saved = await tasks.save(task);
    task.rename('Build');
    task.complete();
    const again = await tasks.save(task);
    const loaded = await tasks.load('t-1');

    expect(saved).toEqual({ version: 1, position: 1n });
    expect(again).toEqual({ version: 3, position: 3n });
    expect(task.pendingEvents).toEqual([]);
    expect(loaded.state).toEqual({ title: 'Build', renamed: 1, completed: true });
    expect(loaded.version).toBe(3);
    expect(await tasks.save(loaded)).toEqual(again);
  });

  test('tells what exists, and names what it does not find', async () => {
    const { tasks } = setUp();
    await tasks.update('t-1', (task) => void task.create('x'), { orCreate: true });

    expect(await tasks.exists('t-1')).toBe(true);
    expect(await tasks.exists('t-2')).toBe(false);
    await expect(tasks.load('t-2')).rejects.toMatchObject({
      code: 'ES_AGGREGATE_NOT_FOUND',
      stream: { aggregateType: 'Task', aggregateId: 't-2' },
    });
    await expect(tasks.update('t-2', () => undefined)).rejects.toMatchObject({ code: 'ES_AGGREGATE_NOT_FOUND' });
  });

  test('two who create one aggregate: the second learns of it and keeps its events', async () => {
    const { tasks } = setUp();
    const first = tasks.createNew('t-1');
    const second = tasks.createNew('t-1');
    first.create('first');
    second.create('second');
    await tasks.save(first);

    await expect(tasks.save(second)).rejects.toMatchObject({ code: 'ES_CONCURRENCY', actualVersion: 1 });
    expect(second.pendingEvents).toHaveLength(1);
  });

  test('pending events survive a failed save, and saving again stores them once', async () => {
    const eventStore = new Hindered();
    const { tasks } = setUp(eventStore);
    const task = tasks.createNew('t-1');
    task.create('x');
    eventStore.after = async () => {
      eventStore.after = async () => undefined;
      throw new Error('the answer was lost');
    };

    await expect(tasks.save(task)).rejects.toThrow('the answer was lost');
    expect(task.pendingEvents).toHaveLength(1);
    expect(await tasks.save(task)).toEqual({ version: 1, position: 1n });
    expect(await eventStore.readAll().toArray()).toHaveLength(1);
  });

  test('what is raised while a save is under way stays pending', async () => {
    const eventStore = new Hindered();
    const { tasks } = setUp(eventStore);
    const task = tasks.createNew('t-1');
    task.create('x');
    eventStore.before = async () => {
      eventStore.before = async () => undefined;
      task.complete();
    };
    await tasks.save(task);

    expect(task.pendingEvents.map((event) => event.type)).toEqual(['TaskCompleted']);
    expect(task.version).toBe(2);
    expect(await tasks.save(task)).toEqual({ version: 2, position: 2n });
  });

  test('saves of one object run one after another', async () => {
    const { tasks, eventStore } = setUp();
    const task = tasks.createNew('t-1');
    task.create('x');
    const first = tasks.save(task);
    task.rename('y');
    const results = await Promise.all([first, tasks.save(task), tasks.save(task)]);

    expect(results.map((result) => result.version)).toEqual([2, 2, 2]);
    expect(await eventStore.readAll().toArray()).toHaveLength(2);
  });

  test('update tries a conflict again on a fresh load, a bounded number of times', async () => {
    const { tasks } = setUp();
    await tasks.update('t-1', (task) => void task.create('x'), { orCreate: true });
    const rename = vi.fn(async (task: Task) => {
      if (rename.mock.calls.length < 3) await tasks.update('t-1', (other) => other.rename('theirs'));
      task.rename('mine');
    });
    const { aggregate, version } = await tasks.update('t-1', rename, { retry: { initialDelayMs: 0 } });

    expect(rename).toHaveBeenCalledTimes(3);
    expect([version, aggregate.state.title, aggregate.state.renamed]).toEqual([4, 'mine', 3]);
    const always = tasks.update(
      't-1',
      async (task) => {
        await tasks.update('t-1', (other) => other.rename('theirs'));
        task.rename('mine');
      },
      { retry: { maxAttempts: 2, initialDelayMs: 0 } },
    );
    await expect(always).rejects.toSatisfy((error) => hasErrorCode(error, 'ES_CONCURRENCY'));
  });

  test('many updates of one aggregate at once all happen', async () => {
    const { tasks } = setUp();
    await tasks.update('t-1', (task) => void task.create('x'), { orCreate: true });
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => tasks.update('t-1', (task) => task.rename(`${i}`), { retry: { maxAttempts: 100 } })),
    );

    expect((await tasks.load('t-1')).state.renamed).toBe(20);
  });

  test('an event that its class does not know is an error that names it', async () => {
    const { tasks, eventStore } = setUp();
    const Alien = defineEvent('Alien', { schema: z.object({}) });
    const stream = { aggregateType: 'Task', aggregateId: 't-1' };
    await eventStore.appendEvents(stream, [TaskCreated.create({ title: 'x' }), Alien.create({})], { expectedVersion: 'no-stream' });

    await expect(tasks.load('t-1')).rejects.toMatchObject({ code: 'ES_UNKNOWN_EVENT_TYPE', eventType: 'Alien' });
  });

  test('data that fails its schema is an error at load', async () => {
    const { tasks, eventStore } = setUp();
    const event = { ...TaskCreated.create({ title: 'x' }), data: { title: 7 } };
    await eventStore.appendEvents({ aggregateType: 'Task', aggregateId: 't-1' }, [event], { expectedVersion: 'no-stream' });

    await expect(tasks.load('t-1')).rejects.toMatchObject({
      code: 'ES_INVALID_EVENT_DATA',
      eventId: event.id,
      issues: [{ path: 'title' }],
    });
  });
});
