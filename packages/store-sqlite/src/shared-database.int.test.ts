import { AggregateRepository, AggregateRoot, currentMessageContext, defineEvent, type StoredEvent, withMessageContext } from '@es/core';
import { currentTraceContext } from '@es/otel';
import { createTelemetryRecorder } from '@es/testing';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { event, events, task } from './sample-events.fixture.ts';
import { SqliteCheckpointStore } from './sqlite-checkpoint-store.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { SqliteSnapshotStore } from './sqlite-snapshot-store.ts';
import { temporaryFile } from './temporary-folder.fixture.ts';

function openDatabase(path = temporaryFile()): Database.Database {
  const database = new Database(path);
  onTestFinished(() => void database.close());
  return database;
}

describe('a database handed in', () => {
  test('is shared by several stores, and outlives them all', async () => {
    const database = openDatabase();
    const store = new SqliteEventStore({ database });
    const snapshots = new SqliteSnapshotStore({ database });
    const checkpoints = new SqliteCheckpointStore({ database });
    await store.appendEvents(task('a'), events(2), { expectedVersion: 0 });
    await store.close();
    await checkpoints.save('projection', 2n);
    await checkpoints.close();
    await snapshots.save({ ...task('a'), version: 2, stateSchemaVersion: 1, state: { done: true }, createdAt: new Date().toISOString() });
    await snapshots.close();

    expect(database.open).toBe(true);
    const again = new SqliteEventStore({ database });
    expect(await again.getHeadPosition()).toBe(2n);
    expect(await new SqliteCheckpointStore({ database }).load('projection')).toBe(2n);
    expect(await new SqliteSnapshotStore({ database }).get(task('a'))).toMatchObject({ version: 2, state: { done: true } });
  });

  test('gives a store that was closed no more to read, though it is still open', async () => {
    const database = openDatabase();
    const store = new SqliteEventStore({ database });
    await store.appendEvents(task('a'), events(1_000), { expectedVersion: 0 });
    const pages = store.readAll().pages()[Symbol.asyncIterator]();
    await pages.next();
    await store.close();
    await expect(pages.next()).rejects.toMatchObject({ code: 'ES_CLOSED' });
  });

  test.each([
    ['full', undefined, 2],
    ['full', 'full', 2],
    ['normal', 'normal', 1],
    ['extra', 'extra', 3],
    ['off', 'off', 0],
  ] as const)('is set to synchronous %s when a store says %s', (_, synchronous, level) => {
    const database = openDatabase();
    database.pragma('synchronous = 0');
    new SqliteEventStore({ database, ...(synchronous === undefined ? {} : { synchronous }) });
    expect(database.pragma('synchronous', { simple: true })).toBe(level);
  });

  test('keeps the level of the first store; another level is refused', () => {
    const database = openDatabase();
    new SqliteEventStore({ database, synchronous: 'normal' });
    new SqliteSnapshotStore({ database });
    new SqliteSnapshotStore({ database, synchronous: 'normal' });
    expect(() => new SqliteCheckpointStore({ database, synchronous: 'full' })).toThrow(
      expect.objectContaining({ code: 'ES_INVALID_ARGUMENT', message: expect.stringContaining('a connection of its own') }),
    );
    expect(database.pragma('synchronous', { simple: true })).toBe(1);
  });
});

describe('onAppend', () => {
  const TaskCreated = defineEvent('TaskCreated', { schema: z.object({ title: z.string(), due: z.coerce.date() }) });
  const TaskCompleted = defineEvent('TaskCompleted');

  function withReadModel(): { database: Database.Database; store: SqliteEventStore; seen: StoredEvent[] } {
    const database = openDatabase();
    database.exec('CREATE TABLE task_titles (id TEXT PRIMARY KEY, title TEXT NOT NULL UNIQUE)');
    const insert = database.prepare('INSERT INTO task_titles VALUES (?, ?)');
    const seen: StoredEvent[] = [];
    const store = new SqliteEventStore({
      database,
      events: [TaskCreated, TaskCompleted],
      onAppend: (appended) => {
        seen.push(...appended);
        for (const { type, aggregateId, data } of appended)
          if (type === 'TaskCreated') insert.run(aggregateId, (data as { title: string }).title);
      },
    });
    return { database, store, seen };
  }

  function titles(database: Database.Database): unknown[] {
    return database.prepare('SELECT title FROM task_titles ORDER BY id').pluck().all();
  }

  const created = (title: string): ReturnType<typeof TaskCreated.create> => TaskCreated.create({ title, due: '2026-01-01' });

  test('gets the events exactly as they will be read, and writes in their transaction', async () => {
    const { database, store, seen } = withReadModel();
    await store.appendEvents(task('a'), [created('Tidy up'), TaskCompleted.create()], { expectedVersion: 0 });
    expect(seen).toEqual(await store.getEvents(task('a')).toArray());
    expect(seen[0]?.data).toEqual({ title: 'Tidy up', due: new Date('2026-01-01') });
    expect(titles(database)).toEqual(['Tidy up']);
  });

  test('when it throws, its append is undone and fails with what was thrown; others are not touched', async () => {
    const { database, store } = withReadModel();
    await store.appendEvents(task('a'), [created('Tidy up')], { expectedVersion: 0 });
    const results = await Promise.allSettled([
      store.appendEvents(task('b'), [created('Cook')], { expectedVersion: 0 }),
      store.appendEvents(task('c'), [created('Dance'), created('Tidy up')], { expectedVersion: 0 }),
      store.appendEvents(task('d'), [created('Eat')], { expectedVersion: 0 }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({
      reason: { name: 'SqliteError', message: 'UNIQUE constraint failed: task_titles.title', code: 'SQLITE_CONSTRAINT_UNIQUE' },
    });
    expect(titles(database)).toEqual(['Tidy up', 'Cook', 'Eat']);
    expect((await store.readAll().toArray()).map(({ aggregateId }) => aggregateId)).toEqual(['a', 'b', 'd']);
  });

  test('is not called for conflicts and repeated appends', async () => {
    const { database, store, seen } = withReadModel();
    const drafts = [created('Tidy up')];
    await store.appendEvents(task('a'), drafts, { expectedVersion: 0 });
    await store.appendEvents(task('a'), drafts, { expectedVersion: 0 });
    await expect(store.appendEvents(task('a'), [created('Other')], { expectedVersion: 0 })).rejects.toMatchObject({
      code: 'ES_CONCURRENCY',
    });
    expect(seen).toHaveLength(1);
    expect(titles(database)).toEqual(['Tidy up']);
  });

  test('runs in the context of its own append, also where several share a transaction', async () => {
    using recorder = createTelemetryRecorder();
    const seen: unknown[] = [];
    const store = new SqliteEventStore({
      path: ':memory:',
      onAppend: ([first]) => seen.push([first?.aggregateId, currentMessageContext().correlationId, currentTraceContext()?.traceparent]),
    });
    const append = (id: string): Promise<unknown> =>
      withMessageContext({ correlationId: `request ${id}` }, () => store.appendEvents(task(id), [event()], { expectedVersion: 0 }));
    await Promise.all([append('a'), append('b')]);
    const spans = recorder.spans('eventsource.event_store.append_events');
    expect(seen).toEqual(['a', 'b'].map((id, index) => [id, `request ${id}`, `00-${spans[index]?.traceId}-${spans[index]?.spanId}-01`]));
    await store.close();
  });

  test('must not be asynchronous', async () => {
    const asynchronous: unknown = async () => undefined;
    const store = new SqliteEventStore({ path: temporaryFile(), onAppend: asynchronous as () => void });
    await expect(store.appendEvents(task('a'), [event()], { expectedVersion: 0 })).rejects.toMatchObject({ code: 'ES_INVALID_ARGUMENT' });
    expect(await store.getHeadPosition()).toBe(0n);
    await store.close();
  });

  test('works under a repository', async () => {
    const { database, store } = withReadModel();
    class Task extends AggregateRoot<{ done: boolean }, typeof TaskCreated | typeof TaskCompleted> {
      static readonly aggregateType = 'Task';
      static readonly events = [TaskCreated, TaskCompleted];
      protected initialState(): { done: boolean } {
        return { done: false };
      }
      protected apply(state: { done: boolean }, { type }: { type: string }): { done: boolean } {
        return type === 'TaskCompleted' ? { done: true } : state;
      }
      create(title: string): void {
        this.raise(TaskCreated, { title, due: new Date() });
      }
    }
    const tasks = new AggregateRepository({ eventStore: store, aggregate: Task });
    const one = tasks.createNew('a');
    one.create('Tidy up');
    await tasks.save(one);
    const other = tasks.createNew('b');
    other.create('Tidy up');
    await expect(tasks.save(other)).rejects.toThrow(/UNIQUE/);
    expect(await tasks.exists('b')).toBe(false);
    expect(titles(database)).toEqual(['Tidy up']);
  });
});
