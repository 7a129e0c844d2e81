import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { runTogether } from './child.fixture.ts';
import { migrate, SCHEMA_STEPS } from './schema.ts';
import { SqliteCheckpointStore } from './sqlite-checkpoint-store.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { SqliteDeadLetterStore } from './sqlite-dead-letter-store.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { SqliteInbox } from './sqlite-inbox.ts';
import { SqliteSnapshotStore } from './sqlite-snapshot-store.ts';
import { temporaryFile } from './temporary-folder.fixture.ts';

function dump(database: SqliteDatabase): string {
  const rows = database.prepare("SELECT sql FROM sqlite_schema WHERE name LIKE 'es\\_%' ESCAPE '\\' ORDER BY name").all() as {
    sql: string;
  }[];
  return rows.map(({ sql }) => `${sql};\n`).join('\n');
}

function versions(database: SqliteDatabase): unknown {
  return database.prepare('SELECT version FROM es_schema ORDER BY version').raw().all().flat();
}

describe('the schema', () => {
  test('is the one that is on record', async () => {
    const database = new Database(':memory:');
    migrate(database);
    await expect(dump(database)).toMatchFileSnapshot('./sql/schema.sql');
  });

  test('is the same whichever version it is migrated from', () => {
    const fresh = new Database(':memory:');
    migrate(fresh);
    for (let from = 0; from <= SCHEMA_STEPS.length; from += 1) {
      const database = new Database(':memory:');
      if (from > 0) migrate(database, SCHEMA_STEPS.slice(0, from));
      expect(migrate(database)).toEqual({ from, to: SCHEMA_STEPS.length });
      expect(dump(database)).toBe(dump(fresh));
      expect(versions(database)).toEqual(versions(fresh));
    }
  });

  test('stays as it was when a step fails', () => {
    const database = new Database(':memory:');
    migrate(database, SCHEMA_STEPS.slice(0, 1));
    const before = dump(database);
    expect(() => migrate(database, [...SCHEMA_STEPS, 'CREATE TABLE es_broken (', ''])).toThrow(/incomplete input/);
    expect(dump(database)).toBe(before);
    expect(versions(database)).toEqual([1]);
  });

  test.each([
    ['event store', SqliteEventStore],
    ['snapshot store', SqliteSnapshotStore],
    ['checkpoint store', SqliteCheckpointStore],
    ['dead letter store', SqliteDeadLetterStore],
    ['inbox', SqliteInbox],
  ])('of newer code is refused by the %s, and left alone', (_, Store) => {
    const database = new Database(temporaryFile());
    migrate(database);
    database.exec("INSERT INTO es_schema VALUES (999, '2099-01-01')");
    expect(() => new Store({ database })).toThrow(
      expect.objectContaining({
        code: 'ES_STORAGE_SCHEMA',
        message: expect.stringMatching(/version 999 .* versions up to \d+\. Nothing was changed\. Upgrade @es\/store-sqlite/),
      }),
    );
    expect(database.inTransaction).toBe(false);
    database.close();
  });

  test("keeps out of the way of an application's own tables and version", async () => {
    const path = temporaryFile();
    const database = new Database(path);
    database.exec('CREATE TABLE orders (id TEXT PRIMARY KEY); PRAGMA user_version = 42');
    await new SqliteEventStore({ database }).close();
    expect(database.pragma('user_version', { simple: true })).toBe(42);
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
      .pluck()
      .all();
    expect(tables).toEqual([
      'es_checkpoints',
      'es_dead_letters',
      'es_event_tags',
      'es_events',
      'es_inbox',
      'es_schema',
      'es_snapshots',
      'orders',
    ]);
    database.close();
  });

  test('is made once when many processes start at the same moment', async () => {
    const path = temporaryFile();
    const workers = Array.from({ length: 3 }, (_, index) => ({ path, own: `p${index}`, count: 3 }));
    const results = await runTogether('./append-worker.fixture.ts', workers);
    expect(results).toEqual(workers.map(() => ({ appended: 3, failures: [] })));
    const database = new Database(path, { readonly: true });
    expect(versions(database)).toEqual(SCHEMA_STEPS.map((_, index) => index + 1));
    database.close();
  });
});
