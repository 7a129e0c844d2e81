import type { SqliteDatabase } from './sqlite-database.ts';

/** The owner of a database that was handed in is in the middle of a transaction; waited for like any other writer. */
export class DatabaseInUse extends Error {
  readonly code = 'SQLITE_BUSY';

  constructor() {
    super("its owner holds a transaction open, and the stores' writes must not become part of that");
    this.name = 'DatabaseInUse';
  }
}

/**
 * Runs a function in a write transaction.
 *
 * @throws {@link DatabaseInUse} when the owner of the database is in a transaction; what `fn` or SQLite throws, after everything was rolled back.
 */
export function inImmediateTransaction<T>(database: SqliteDatabase, fn: () => T): T {
  if (database.inTransaction) throw new DatabaseInUse();
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = fn();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // After some failures SQLite has rolled back by itself.
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Runs a function inside the current transaction, and undoes what it wrote if it throws. */
export function inSavepoint<T>(database: SqliteDatabase, fn: () => T): T {
  database.exec('SAVEPOINT es_part');
  try {
    const result = fn();
    database.exec('RELEASE es_part');
    return result;
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK TO es_part; RELEASE es_part');
    throw error;
  }
}
