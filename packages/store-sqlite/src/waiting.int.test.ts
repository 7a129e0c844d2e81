import { symlinkSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startChild } from './child.fixture.ts';
import { events, task } from './sample-events.fixture.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { temporaryFile } from './temporary-folder.fixture.ts';

/* Longer than a test may take: who wakes before was not woken by the poll. */
const never = 600_000;

describe('waiting for events', () => {
  test('ends at once with an append by the same store', async () => {
    await using store = new SqliteEventStore({ path: temporaryFile(), pollIntervalMs: never });
    const waiting = store.waitForEvents(0n);
    await store.appendEvents(task('a'), events(1), { expectedVersion: 0 });
    expect(await waiting).toBe(true);
  });

  test('ends at once with an append by another store of this process, on the same file by another path', async () => {
    const path = temporaryFile();
    await using store = new SqliteEventStore({ path, pollIntervalMs: never });
    const link = `${path}.link`;
    symlinkSync(path, link);
    await using other = new SqliteEventStore({ path: link });
    const waiting = Promise.all([store.waitForEvents(0n), store.waitForEvents(0n)]);
    await other.appendEvents(task('a'), events(1), { expectedVersion: 0 });
    expect(await waiting).toEqual([true, true]);
  });

  test('ends with an append by another process', async () => {
    const path = temporaryFile();
    await using store = new SqliteEventStore({ path });
    const child = startChild('./append-worker.fixture.ts', { path, own: 'a', count: 1 });
    expect(await child.nextLine()).toBe('ready');
    const waiting = store.waitForEvents(0n);
    child.go();
    expect(await waiting).toBe(true);
    expect(await store.getHeadPosition()).toBe(1n);
    await child.ended;
  });

  test('is not fooled by other writes to the file, and does not miss an append behind them', async () => {
    const path = temporaryFile();
    await using store = new SqliteEventStore({ path, pollIntervalMs: 1 });
    const other = new Database(path);
    onTestFinished(() => void other.close());
    other.exec('CREATE TABLE mine (id)');
    const waiting = store.waitForEvents(0n);
    for (let id = 0; id < 20; id += 1) {
      other.exec(`INSERT INTO mine VALUES (${id})`);
      await store.getHeadPosition();
    }
    expect(await store.waitForEvents(0n, { timeoutMs: 20 })).toBe(false);
    other.exec(`INSERT INTO es_events (id, aggregate_type, aggregate_id, version, type, schema_version, occurred_at, recorded_at, correlation_id, causation_id, data)
      VALUES ('i', 'Task', 'a', 1, 'T', 1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z', 'i', 'i', '{}')`);
    expect(await waiting).toBe(true);
  });

  test('a process that only waits, without end, may end; with a time limit it waits for that', async () => {
    const child = startChild('./waiting-worker.fixture.ts', { path: temporaryFile() });
    expect(await child.restOfLines()).toEqual(['waited: false']);
    expect(await child.ended).toMatchObject({ code: 0 });
  });

  test('ends with the error when the database fails meanwhile', async () => {
    const database = new Database(temporaryFile());
    const store = new SqliteEventStore({ database, pollIntervalMs: 1 });
    const waiting = store.waitForEvents(0n);
    database.close();
    await expect(waiting).rejects.toMatchObject({ code: 'ES_STORAGE_UNAVAILABLE' });
  });
});
