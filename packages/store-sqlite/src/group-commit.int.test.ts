import { ConcurrencyError } from '@es/core';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { event, events, task } from './sample-events.fixture.ts';
import { SqliteCheckpointStore } from './sqlite-checkpoint-store.ts';
import { SqliteEventStore, type SqliteEventStoreOptions } from './sqlite-event-store.ts';
import { SqliteSnapshotStore } from './sqlite-snapshot-store.ts';
import { temporaryFile } from './temporary-folder.fixture.ts';

function setUp(onAppend?: SqliteEventStoreOptions['onAppend']): {
  database: Database.Database;
  store: SqliteEventStore;
  /** How many transactions were committed since the last call. */
  commits(): number;
} {
  let statements: unknown[] = [];
  const database = new Database(temporaryFile(), { verbose: (sql) => statements.push(sql) });
  onTestFinished(() => void database.close());
  const store = new SqliteEventStore({ database, ...(onAppend === undefined ? {} : { onAppend }) });
  const commits = (): number => {
    const count = statements.filter((sql) => sql === 'COMMIT').length;
    statements = [];
    return count;
  };
  commits();
  return { database, store, commits };
}

describe('group commit', () => {
  test('concurrent appends share a transaction, in which each succeeds or fails alone', async () => {
    const { store, commits } = setUp();
    const taken = event('Taken');
    await store.appendEvents(task('first'), [taken], { expectedVersion: 'no-stream' });
    commits();

    const results = await Promise.allSettled([
      store.appendEvents(task('a'), events(3), { expectedVersion: 'no-stream' }),
      store.appendEvents(task('first'), events(1), { expectedVersion: 5 }),
      store.appendEvents(task('b'), [event(), taken, event()], { expectedVersion: 'no-stream' }),
      store.appendEvents(task('first'), [taken], { expectedVersion: 'no-stream' }),
      store.appendEvents(task('a'), events(1), { expectedVersion: 3 }),
      store.appendEvents(task('c'), events(1), { expectedVersion: 'any' }),
    ]);
    expect(results.map((result) => (result.status === 'fulfilled' ? result.value : result.reason.code))).toEqual([
      { version: 3, position: 4n },
      'ES_CONCURRENCY',
      'ES_EVENT_ID_CONFLICT',
      { version: 1, position: 1n },
      { version: 4, position: 5n },
      { version: 1, position: 6n },
    ]);
    expect(commits()).toBe(1);
    const all = await store.readAll().toArray();
    expect(all.map(({ aggregateId, version }) => `${aggregateId} ${version}`)).toEqual(['first 1', 'a 1', 'a 2', 'a 3', 'a 4', 'c 1']);
  });

  test('of two appends in one transaction that expect the same version, one wins', async () => {
    const { store, commits } = setUp();
    const [first, second] = await Promise.allSettled([
      store.appendEvents(task('a'), events(2), { expectedVersion: 'no-stream' }),
      store.appendEvents(task('a'), events(2), { expectedVersion: 'no-stream' }),
    ]);
    expect(first).toMatchObject({ status: 'fulfilled', value: { version: 2 } });
    expect(second).toMatchObject({ status: 'rejected', reason: expect.any(ConcurrencyError) });
    expect(commits()).toBe(1);
  });

  test('a retry that meets its first attempt in the same transaction gets the same answer', async () => {
    const { store } = setUp();
    const same = events(2);
    const append = (): Promise<unknown> => store.appendEvents(task('a'), same, { expectedVersion: 'no-stream' });
    expect(await Promise.all([append(), append()])).toEqual([
      { version: 2, position: 2n },
      { version: 2, position: 2n },
    ]);
  });

  test('a failure of one append leaves no trace of it and does not hurt the others', async () => {
    const { database, store, commits } = setUp(([first]) => {
      if (first?.type === 'Bad') throw new Error('not in my read model');
    });
    const results = await Promise.allSettled([
      store.appendEvents(task('a'), events(20), { expectedVersion: 0 }),
      store.appendEvents(task('b'), [event('Bad', {}, { tags: ['x', 'y'] }), event('Bad')], { expectedVersion: 0 }),
      store.appendEvents(task('c'), [event('Good', {}, { tags: ['x'] })], { expectedVersion: 0 }),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: 'not in my read model' } });
    expect(commits()).toBe(1);
    expect((await store.getEvents(task('b')).toArray()).length).toBe(0);
    expect(database.prepare('SELECT tag, position FROM es_event_tags').all()).toEqual([{ tag: 'x', position: 21 }]);
    expect(await store.appendEvents(task('b'), events(1), { expectedVersion: 0 })).toEqual({ version: 1, position: 22n });
  });

  test('all stores on one database share it', async () => {
    const { database, store, commits } = setUp();
    const snapshots = new SqliteSnapshotStore({ database });
    const checkpoints = new SqliteCheckpointStore({ database });
    commits();
    await Promise.all([
      store.appendEvents(task('a'), events(1), { expectedVersion: 0 }),
      snapshots.save({ ...task('a'), version: 1, stateSchemaVersion: 1, state: {}, createdAt: new Date().toISOString() }),
      checkpoints.save('projection', 1n),
    ]);
    expect(commits()).toBe(1);
  });

  test('appends one after another are committed one after another', async () => {
    const { store, commits } = setUp();
    for (let version = 0; version < 5; version += 1) await store.appendEvents(task('a'), events(1), { expectedVersion: version });
    expect(commits()).toBe(5);
  });

  test('a signal that is aborted before the transaction takes its append out', async () => {
    const { store } = setUp();
    const controller = new AbortController();
    const aborted = store.appendEvents(task('a'), events(1), { expectedVersion: 'any' }, { signal: controller.signal });
    const other = store.appendEvents(task('a'), events(1), { expectedVersion: 'any' });
    controller.abort();
    await expect(aborted).rejects.toMatchObject({ code: 'ES_ABORTED', message: expect.stringContaining('SqliteEventStore.appendEvents') });
    expect(await other).toEqual({ version: 1, position: 1n });
  });

  test('close waits for the appends that were begun', async () => {
    const path = temporaryFile();
    const store = new SqliteEventStore({ path });
    const appends = Array.from({ length: 50 }, (_, index) => store.appendEvents(task(`t${index}`), events(100), { expectedVersion: 0 }));
    await store.close();
    await Promise.all(appends);
    await using again = new SqliteEventStore({ path });
    expect(await again.getHeadPosition()).toBe(5_000n);
  });
});
