import { setImmediate as nextTurn } from 'node:timers/promises';
import { createTelemetryRecorder } from '@es/testing';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { event, events, task } from './sample-events.fixture.ts';
import { SqliteCheckpointStore } from './sqlite-checkpoint-store.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { SqliteSnapshotStore } from './sqlite-snapshot-store.ts';
import { temporaryFile } from './temporary-folder.fixture.ts';

/** Another connection, as of another process. */
function connect(path: string): Database.Database {
  const database = new Database(path, { timeout: 0 });
  onTestFinished(() => void database.close());
  return database;
}

/** Resolves after some turns of the event loop: never, if something blocks it. */
async function turns(count = 50): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

describe('while another connection writes', () => {
  test('writers wait without blocking the event loop, and go on when it is done', async () => {
    const path = temporaryFile();
    await using store = new SqliteEventStore({ path });
    const other = connect(path);
    other.exec('BEGIN IMMEDIATE');
    const append = store.appendEvents(task('a'), events(1), { expectedVersion: 0 });
    await turns();
    other.exec('COMMIT');
    expect(await append).toEqual({ version: 1, position: 1n });
  });

  test('readers see what is committed and do not wait', async () => {
    const path = temporaryFile();
    await using store = new SqliteEventStore({ path });
    await store.appendEvents(task('a'), events(2), { expectedVersion: 0 });
    const other = connect(path);
    other.exec("BEGIN IMMEDIATE; UPDATE es_events SET type = 'Changed'");
    expect((await store.getEvents(task('a')).toArray()).map(({ type }) => type)).toEqual(['TaskCreated', 'TaskCreated']);
    other.exec('ROLLBACK');
  });

  test('every writing operation fails with ES_STORAGE_BUSY at its deadline, nothing is written, and the store goes on', async () => {
    const path = temporaryFile();
    const options = { path, busyTimeoutMs: 30 };
    await using store = new SqliteEventStore(options);
    await using snapshots = new SqliteSnapshotStore(options);
    await using checkpoints = new SqliteCheckpointStore(options);
    const other = connect(path);
    other.exec('BEGIN IMMEDIATE');
    const snapshot = { ...task('a'), version: 1, stateSchemaVersion: 1, state: {}, createdAt: new Date().toISOString() };
    const results = await Promise.allSettled([
      store.appendEvents(task('a'), events(1), { expectedVersion: 'no-stream' }),
      snapshots.save(snapshot),
      snapshots.delete(task('a')),
      checkpoints.save('projection', 1n),
      checkpoints.delete('projection'),
    ]);
    for (const result of results) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { name: 'StorageError', code: 'ES_STORAGE_BUSY', message: expect.stringContaining(path), cause: { code: 'SQLITE_BUSY' } },
      });
    }
    other.exec('COMMIT');
    expect(await store.appendEvents(task('a'), events(1), { expectedVersion: 'no-stream' })).toEqual({ version: 1, position: 1n });
    expect(await checkpoints.load('projection')).toBeUndefined();
  });

  test('appends that wait show that, and for how long; those that go at once do not', async () => {
    using recorder = createTelemetryRecorder();
    const path = temporaryFile();
    await using store = new SqliteEventStore({ path });
    await using hasty = new SqliteEventStore({ path, busyTimeoutMs: 30 });
    await store.appendEvents(task('a'), events(1), { expectedVersion: 0 });
    expect((await recorder.metrics()).map(({ name }) => name)).not.toContain('eventsource.append.wait_time');
    const other = connect(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(hasty.appendEvents(task('b'), events(1), { expectedVersion: 0 })).rejects.toMatchObject({ code: 'ES_STORAGE_BUSY' });
    const append = store.appendEvents(task('b'), events(1), { expectedVersion: 0 });
    await turns();
    other.exec('COMMIT');
    await append;
    const { points, unit } = await recorder.metric('eventsource.append.wait_time', '@es/store-sqlite');
    const attributes = { 'eventsource.append.waited_for': 'file', 'eventsource.aggregate.type': 'Task' };
    expect([unit, points.map((point) => [point.distribution?.count, point.value > 0, point.attributes])]).toEqual([
      's',
      [
        [1, true, { ...attributes, 'error.type': 'ES_STORAGE_BUSY' }],
        [1, true, attributes],
      ],
    ]);
  });

  test('a waiting append can be aborted', async () => {
    const path = temporaryFile();
    await using store = new SqliteEventStore({ path });
    const other = connect(path);
    other.exec('BEGIN IMMEDIATE');
    const controller = new AbortController();
    const append = store.appendEvents(task('a'), events(1), { expectedVersion: 0 }, { signal: controller.signal });
    await turns();
    controller.abort();
    await expect(append).rejects.toMatchObject({ code: 'ES_ABORTED' });
    other.exec('COMMIT');
    expect(await store.getHeadPosition()).toBe(0n);
  });

  test('a database handed in with a timeout of its own does not block the event loop either, and keeps that timeout', async () => {
    const path = temporaryFile();
    // Longer than a test may take: were it used, nothing below would ever happen.
    const ownersTimeout = 600_000;
    const database = new Database(path, { timeout: ownersTimeout });
    onTestFinished(() => void database.close());
    database.pragma('journal_mode = WAL');
    const store = new SqliteEventStore({ database });
    const other = connect(path);
    other.exec('BEGIN IMMEDIATE');
    const append = store.appendEvents(task('a'), events(1), { expectedVersion: 0 });
    await turns();
    other.exec('COMMIT');
    expect(await append).toEqual({ version: 1, position: 1n });
    expect(database.pragma('busy_timeout', { simple: true })).toBe(ownersTimeout);
  });
});

describe('while another connection holds the whole file', () => {
  test('a store can be built, and its operations wait', async () => {
    const path = temporaryFile();
    const other = connect(path);
    other.exec('BEGIN EXCLUSIVE; CREATE TABLE mine (id)');
    await using store = new SqliteEventStore({ path });
    const head = store.getHeadPosition();
    const append = store.appendEvents(task('a'), [event()], { expectedVersion: 0 });
    await turns();
    other.exec('COMMIT');
    expect(await head).toBeLessThanOrEqual(1n);
    expect(await append).toEqual({ version: 1, position: 1n });
  });

  test('they fail with ES_STORAGE_BUSY at the deadline, and succeed later', async () => {
    const path = temporaryFile();
    const other = connect(path);
    other.exec('BEGIN EXCLUSIVE; CREATE TABLE mine (id)');
    await using store = new SqliteEventStore({ path, busyTimeoutMs: 20 });
    const busy = { code: 'ES_STORAGE_BUSY' };
    await expect(store.getEvents(task('a')).toArray()).rejects.toMatchObject(busy);
    await expect(store.readAll().toArray()).rejects.toMatchObject(busy);
    await expect(store.appendEvents(task('a'), [event()], { expectedVersion: 0 })).rejects.toMatchObject(busy);
    await expect(store.appendEvents(task('a'), [], { expectedVersion: 0 })).rejects.toMatchObject(busy);
    await expect(store.waitForEvents(0n)).rejects.toMatchObject(busy);
    other.exec('COMMIT');
    expect(await store.appendEvents(task('a'), [event()], { expectedVersion: 0 })).toEqual({ version: 1, position: 1n });
  });
});

describe('while the owner of a database handed in is in the middle of something', () => {
  function handIn(busyTimeoutMs?: number): { database: Database.Database; store: SqliteEventStore } {
    const database = connect(temporaryFile());
    database.exec('CREATE TABLE mine (id INTEGER)');
    return { database, store: new SqliteEventStore({ database, ...(busyTimeoutMs === undefined ? {} : { busyTimeoutMs }) }) };
  }

  test('an append does not become part of their transaction: it waits for the end', async () => {
    const { database, store } = handIn();
    database.exec('BEGIN; INSERT INTO mine VALUES (1)');
    const append = store.appendEvents(task('a'), events(1), { expectedVersion: 0 });
    await turns();
    database.exec('ROLLBACK');
    expect(await append).toEqual({ version: 1, position: 1n });
    expect(database.prepare('SELECT * FROM mine').all()).toEqual([]);
    expect(await store.getHeadPosition()).toBe(1n);
  });

  test('an append waits for the end of an iteration, too', async () => {
    const { database, store } = handIn();
    database.exec('INSERT INTO mine VALUES (1), (2)');
    const rows = database.prepare('SELECT id FROM mine').iterate();
    rows.next();
    const append = store.appendEvents(task('a'), events(1), { expectedVersion: 0 });
    await turns();
    rows.return?.();
    expect(await append).toEqual({ version: 1, position: 1n });
  });

  test('for too long, appends fail with ES_STORAGE_BUSY and say why', async () => {
    const { database, store } = handIn(20);
    const append = (): Promise<unknown> => store.appendEvents(task('a'), events(1), { expectedVersion: 'no-stream' });
    const failure = (reason: RegExp): object => ({ code: 'ES_STORAGE_BUSY', message: expect.stringMatching(reason) });
    database.exec('BEGIN');
    await expect(append()).rejects.toMatchObject(failure(/its owner holds a transaction open/));
    database.exec('ROLLBACK');
    const rows = database.prepare('SELECT 1 UNION SELECT 2').iterate();
    rows.next();
    await expect(append()).rejects.toMatchObject(failure(/busy executing a query\. .* Finish iterating/));
    rows.return?.();
    expect(await append()).toEqual({ version: 1, position: 1n });
  });

  test('a store can be built in the middle of a transaction, and gets ready behind it', async () => {
    const database = connect(temporaryFile());
    database.exec('BEGIN; CREATE TABLE mine (id INTEGER)');
    const store = new SqliteEventStore({ database });
    const append = store.appendEvents(task('a'), events(1), { expectedVersion: 0 });
    await turns();
    database.exec('COMMIT');
    expect(await append).toEqual({ version: 1, position: 1n });
  });
});
