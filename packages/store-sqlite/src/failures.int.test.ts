import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { event, events, task } from './sample-events.fixture.ts';
import { SqliteCheckpointStore } from './sqlite-checkpoint-store.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { SqliteSnapshotStore } from './sqlite-snapshot-store.ts';
import { temporaryFile } from './temporary-folder.fixture.ts';

const stores = [
  ['SqliteEventStore', SqliteEventStore],
  ['SqliteSnapshotStore', SqliteSnapshotStore],
  ['SqliteCheckpointStore', SqliteCheckpointStore],
] as const;

function failure(code: string, ...parts: string[]): object {
  return {
    name: 'StorageError',
    code,
    message: expect.stringMatching(parts.map((part) => part.replaceAll(/[.*+?()[\]\\]/g, '\\$&')).join('.*')),
  };
}

function thrownBy(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** A file with some events in it, closed. */
async function fileWithEvents(count: number): Promise<string> {
  const path = temporaryFile();
  const store = new SqliteEventStore({ path });
  await store.appendEvents(task('a'), events(count), { expectedVersion: 0 });
  await store.close();
  return path;
}

/** Runs a function as a user who may not do everything; tests that run as root become `nobody` for that time. */
async function withoutPrivileges(fn: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await fn();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('a path that can not be opened', () => {
  test.each(stores)('%s says that the folder is missing, and works once it is there', async (name, Store) => {
    const path = join(dirname(temporaryFile()), 'missing', 'events.db');
    const error = thrownBy(() => new Store({ path }));
    expect(error).toMatchObject(
      failure('ES_STORAGE_UNAVAILABLE', `new ${name} failed on ${path}`, 'directory does not exist', 'Create the folder first'),
    );
    expect(error).toHaveProperty('cause');
    mkdirSync(dirname(path));
    await new Store({ path }).close();
  });

  test('says that it is a folder', () => {
    const path = dirname(temporaryFile());
    expect(thrownBy(() => new SqliteEventStore({ path }))).toMatchObject(
      failure('ES_STORAGE_UNAVAILABLE', path, 'unable to open', 'Check the path'),
    );
  });
});

describe('a full disk', () => {
  test('fails the append that does not fit, keeps everything else, and appending goes on once there is room', async () => {
    const database = new Database(temporaryFile());
    onTestFinished(() => void database.close());
    const store = new SqliteEventStore({ database });
    await store.appendEvents(task('before'), events(10), { expectedVersion: 0 });
    database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 4}`);

    const large = [event('Large', { text: 'x'.repeat(200_000) })];
    const results = await Promise.allSettled([
      store.appendEvents(task('small'), events(1), { expectedVersion: 0 }),
      store.appendEvents(task('large'), large, { expectedVersion: 0 }),
      store.appendEvents(task('other'), events(1), { expectedVersion: 0 }),
    ]);
    expect(results[1]).toMatchObject({
      status: 'rejected',
      reason: failure('ES_STORAGE_FULL', 'SqliteEventStore.appendEvents failed on', 'database or disk is full (SQLITE_FULL)', 'Make room'),
    });
    // Whether the small ones still find room is SQLite's business; what counts is that nobody is told a lie.
    const acknowledged = results.filter(({ status }) => status === 'fulfilled').length;
    expect(await store.getHeadPosition()).toBe(BigInt(10 + acknowledged));
    expect(database.inTransaction).toBe(false);

    database.pragma('max_page_count = 100000');
    expect(await store.appendEvents(task('large'), large, { expectedVersion: 'no-stream' })).toMatchObject({ version: 1 });
    expect(await store.getEvents(task('before')).toArray()).toHaveLength(10);
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  });

  test('fails every append until there is room, each with that reason and never with a conflict', async () => {
    const database = new Database(temporaryFile());
    onTestFinished(() => void database.close());
    const store = new SqliteEventStore({ database });
    database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true }))}`);
    const large = (): Promise<unknown> =>
      store.appendEvents(task('a'), [event('Large', { text: 'x'.repeat(9_000) })], { expectedVersion: 'any' });
    for (let round = 0; round < 3; round += 1) {
      const results = await Promise.allSettled([large(), large(), large()]);
      for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: failure('ES_STORAGE_FULL') });
    }
    expect(await store.getHeadPosition()).toBe(0n);
    database.pragma('max_page_count = 100000');
    expect(await large()).toEqual({ version: 1, position: 1n });
  });
});

describe('a file that may only be read', () => {
  test('is read, and refuses appends, when the database was opened read-only', async () => {
    const path = await fileWithEvents(3);
    const database = new Database(path, { readonly: true });
    onTestFinished(() => void database.close());
    const store = new SqliteEventStore({ database });
    expect(await store.getEvents(task('a')).toArray()).toHaveLength(3);
    const append = (): Promise<unknown> => store.appendEvents(task('a'), events(1), { expectedVersion: 3 });
    for (let round = 0; round < 2; round += 1) {
      await expect(append()).rejects.toMatchObject(failure('ES_STORAGE_READ_ONLY', path, 'readonly database', 'right to write'));
    }
    expect(await store.readAll().toArray()).toHaveLength(3);
  });

  test('is read, and refuses appends, when the file system says so', async (context) => {
    context.skip(process.platform === 'win32', 'Windows has no permission bits');
    const path = await fileWithEvents(3);
    chmodSync(dirname(path), 0o777);
    chmodSync(path, 0o444);
    await withoutPrivileges(async () => {
      await using store = new SqliteEventStore({ path });
      expect(await store.getEvents(task('a')).toArray()).toHaveLength(3);
      const append = store.appendEvents(task('a'), events(1), { expectedVersion: 3 });
      await expect(append).rejects.toMatchObject(failure('ES_STORAGE_READ_ONLY', path, 'right to write'));
      expect(await store.readAll().toArray()).toHaveLength(3);
    });
  });

  test('refuses a new store in a folder that may only be read', async (context) => {
    context.skip(process.platform === 'win32', 'Windows has no permission bits');
    const path = temporaryFile();
    chmodSync(dirname(path), 0o555);
    await withoutPrivileges(async () => {
      expect(thrownBy(() => new SqliteEventStore({ path }))).toMatchObject(failure('ES_STORAGE_UNAVAILABLE', path, 'Check the path'));
    });
    chmodSync(dirname(path), 0o755);
  });

  test('refuses to be given tables', () => {
    const path = temporaryFile();
    new Database(path).exec('CREATE TABLE mine (id)').close();
    const database = new Database(path, { readonly: true });
    onTestFinished(() => void database.close());
    expect(thrownBy(() => new SqliteEventStore({ database }))).toMatchObject(
      failure('ES_STORAGE_READ_ONLY', 'new SqliteEventStore failed on', path),
    );
  });
});

describe('a damaged file', () => {
  test.each(stores)('%s refuses what is no database', (name, Store) => {
    const path = temporaryFile();
    writeFileSync(path, 'This is a letter to my aunt, and certainly not a database. '.repeat(100));
    const before = readFileSync(path);
    expect(thrownBy(() => new Store({ path }))).toMatchObject(
      failure('ES_STORAGE_CORRUPT', `new ${name} failed on ${path}`, 'not a database', 'backup'),
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('fails reads that meet flipped bytes, rather than yielding something else', async () => {
    const path = await fileWithEvents(5_000);
    const { size } = statSync(path);
    const file = openSync(path, 'r+');
    for (let offset = Math.floor(size / 2 / 4_096) * 4_096; offset < size - 4_096; offset += 4_096)
      writeSync(file, Buffer.alloc(100, 0xff), 0, 100, offset);
    closeSync(file);
    await using store = new SqliteEventStore({ path });
    const corrupt = failure('ES_STORAGE_CORRUPT', path, 'malformed', 'restore a backup');
    await expect(store.readAll().toArray()).rejects.toMatchObject(corrupt);
    await expect(store.getEvents(task('a')).toArray()).rejects.toMatchObject(corrupt);
  });

  test('fails reads when its end is missing', async () => {
    const path = await fileWithEvents(5_000);
    truncateSync(path, Math.floor(statSync(path).size / 2 / 4_096) * 4_096);
    const read = async (): Promise<unknown> => {
      await using store = new SqliteEventStore({ path });
      return await store.readAll().toArray();
    };
    await expect(read()).rejects.toMatchObject(failure('ES_STORAGE_CORRUPT', path));
  });
});

describe('a database that its owner has closed', () => {
  test('fails every operation, and says whose doing it was', async () => {
    const database = new Database(temporaryFile());
    const store = new SqliteEventStore({ database });
    database.close();
    const closed = failure('ES_STORAGE_UNAVAILABLE', 'not open', 'Its owner has closed it');
    await expect(store.appendEvents(task('a'), events(1), { expectedVersion: 0 })).rejects.toMatchObject(closed);
    await expect(store.readAll().toArray()).rejects.toMatchObject(closed);
    await expect(store.getHeadPosition()).rejects.toMatchObject(closed);
    await store.close();
  });
});

describe('anything else that SQLite reports', () => {
  test('is an ES_STORAGE_FAILURE with the cause', async () => {
    const database = new Database(temporaryFile());
    onTestFinished(() => void database.close());
    const store = new SqliteEventStore({ database });
    database.exec('DROP TABLE es_events');
    await expect(store.getHeadPosition()).rejects.toMatchObject({
      ...failure('ES_STORAGE_FAILURE', 'no such table: es_events (SQLITE_ERROR)'),
      cause: expect.objectContaining({ code: 'SQLITE_ERROR' }),
    });
  });
});
