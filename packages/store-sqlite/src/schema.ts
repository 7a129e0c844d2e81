import { StorageError } from '@es/core';
import { CREATE_EVENTS } from './sql/001-events.ts';
import { CREATE_SNAPSHOTS } from './sql/002-snapshots.ts';
import { CREATE_CHECKPOINTS } from './sql/003-checkpoints.ts';
import { CREATE_DEAD_LETTERS } from './sql/004-dead-letters.ts';
import { CREATE_INBOX } from './sql/005-inbox.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { inImmediateTransaction } from './transactions.ts';

/** The step at index i leads from version i to version i + 1. */
export const SCHEMA_STEPS: readonly string[] = [CREATE_EVENTS, CREATE_SNAPSHOTS, CREATE_CHECKPOINTS, CREATE_DEAD_LETTERS, CREATE_INBOX];

/* A table of our own rather than `user_version`, since the file may hold an application's tables and their version too. */
const createVersionTable = `
CREATE TABLE IF NOT EXISTS es_schema (
  version     INTEGER PRIMARY KEY,
  migrated_at TEXT NOT NULL
) STRICT;
`;

/** From which version to which a database was brought; the same twice when nothing had to be done. */
export interface Migration {
  readonly from: number;
  readonly to: number;
}

/**
 * Brings the tables of a database up to this code, in one transaction: of several processes that start at once, one does it.
 *
 * @throws StorageError with the code `ES_STORAGE_SCHEMA` when newer code has been here; SQLite's own error when the database fails or is busy.
 */
export function migrate(database: SqliteDatabase, steps: readonly string[] = SCHEMA_STEPS): Migration {
  const to = steps.length;
  if (checkedVersion(database, to) === to) return { from: to, to };
  return inImmediateTransaction(database, () => {
    const from = checkedVersion(database, to);
    database.exec(createVersionTable);
    const record = database.prepare('INSERT INTO es_schema (version, migrated_at) VALUES (?, ?)');
    for (let version = from + 1; version <= to; version += 1) {
      database.exec(steps[version - 1] ?? '');
      record.run(version, new Date().toISOString());
    }
    return { from, to };
  });
}

/** 0 where there are no tables of ours. */
function checkedVersion(database: SqliteDatabase, newest: number): number {
  const table = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'es_schema'").get();
  if (table === undefined) return 0;
  const row = database.prepare('SELECT max(version) FROM es_schema').raw().get() as readonly [number | bigint | null];
  const version = Number(row[0] ?? 0);
  if (version <= newest) return version;
  throw new StorageError(
    'ES_STORAGE_SCHEMA',
    `The tables in ${database.name} have version ${version} of the schema; this release of @es/store-sqlite knows versions up to ${newest}. ` +
      'Nothing was changed. Upgrade @es/store-sqlite, or open a copy of the file from before the upgrade.',
  );
}
