import { basename } from 'node:path';
import { configureLogging, type Logger, type LogRecord } from '@es/otel';
import { createTelemetryRecorder } from '@es/testing';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { event, events, task } from './sample-events.fixture.ts';
import { SCHEMA_STEPS } from './schema.ts';
import { SqliteCheckpointStore } from './sqlite-checkpoint-store.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { SqliteSnapshotStore } from './sqlite-snapshot-store.ts';
import { temporaryFile } from './temporary-folder.fixture.ts';

describe('a store opened by path', () => {
  test('answers a retry after it was closed and opened again like the first time', async () => {
    const path = temporaryFile();
    const same = events(3);
    const append = async (): Promise<unknown> => {
      await using store = new SqliteEventStore({ path });
      return await store.appendEvents(task('a'), same, { expectedVersion: 'no-stream' });
    };
    const first = await append();
    expect(await append()).toEqual(first);
    await using store = new SqliteEventStore({ path });
    expect(await store.getHeadPosition()).toBe(3n);
  });

  test('never gives a position twice, also when the last events were deleted by hand', async () => {
    const database = new Database(temporaryFile());
    onTestFinished(() => void database.close());
    const store = new SqliteEventStore({ database });
    await store.appendEvents(task('a'), events(3), { expectedVersion: 0 });
    database.exec('DELETE FROM es_events WHERE position > 1');
    expect(await store.appendEvents(task('a'), events(1), { expectedVersion: 1 })).toEqual({ version: 2, position: 4n });
  });

  test('may be in memory, on its own', async () => {
    await using one = new SqliteEventStore({ path: ':memory:' });
    await using other = new SqliteEventStore({ path: ':memory:' });
    await one.appendEvents(task('a'), events(1), { expectedVersion: 0 });
    expect([await one.getHeadPosition(), await other.getHeadPosition()]).toEqual([1n, 0n]);
  });

  test('leaves nothing but the database file behind when it is closed', async () => {
    const path = temporaryFile();
    const store = new SqliteEventStore({ path });
    await store.appendEvents(task('a'), events(1), { expectedVersion: 0 });
    await store.close();
    const database = new Database(path, { readonly: true, fileMustExist: true });
    expect(database.prepare('SELECT count(*) FROM es_events').pluck().get()).toBe(1);
    database.close();
    await store.close();
  });
});

test('checkpoints of any size are kept exactly', async () => {
  const path = temporaryFile();
  for (const position of [2n ** 53n + 1n, 2n ** 64n, 10n ** 30n]) {
    await using store = new SqliteCheckpointStore({ path });
    await store.save('projection', position);
    await using again = new SqliteCheckpointStore({ path });
    expect(await again.load('projection')).toBe(position);
  }
});

test('positions beyond any integer of SQLite are behind everything', async () => {
  await using store = new SqliteEventStore({ path: temporaryFile() });
  await store.appendEvents(task('a'), [event()], { expectedVersion: 0 });
  expect(await store.readAll({ after: 2n ** 70n }).toArray()).toEqual([]);
  expect(await store.readAll({ upTo: 2n ** 70n, types: ['TaskCreated'] }).toArray()).toHaveLength(1);
});

describe('what the stores tell', () => {
  test('spans name the file, without its folder, and the table', async () => {
    using recorder = createTelemetryRecorder();
    const path = temporaryFile();
    await using store = new SqliteEventStore({ path });
    await using snapshots = new SqliteSnapshotStore({ path });
    await store.appendEvents(task('a'), events(1), { expectedVersion: 0 });
    await snapshots.exists(task('a'));
    expect(recorder.spans().map(({ name, attributes }) => [name, attributes['db.namespace'], attributes['db.collection.name']])).toEqual([
      ['eventsource.event_store.append_events', basename(path), 'es_events'],
      ['eventsource.snapshot.exists', basename(path), 'es_snapshots'],
    ]);
  });

  test('a migration is logged under eventsource.stores.sqlite, or where the store was told to', async () => {
    const records: LogRecord[] = [];
    configureLogging({ destination: { write: (record) => records.push(record) }, levels: { 'eventsource.stores.sqlite': 'info' } });
    const path = temporaryFile();
    await new SqliteEventStore({ path }).close();
    await new SqliteEventStore({ path }).close();
    const migrated = { path, from: 0, to: SCHEMA_STEPS.length };
    expect(records).toMatchObject([{ logger: 'eventsource.stores.sqlite', level: 'info', message: 'schema migrated', fields: migrated }]);

    const own: unknown[][] = [];
    const logger = { info: (...record: unknown[]) => own.push(record) } as unknown as Logger;
    const other = temporaryFile();
    await new SqliteEventStore({ path: other, logger }).close();
    expect(own).toEqual([[{ ...migrated, path: other }, 'schema migrated']]);
    expect(records).toHaveLength(1);
  });
});
