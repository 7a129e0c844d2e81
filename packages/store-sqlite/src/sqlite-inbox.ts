import { BaseInbox } from '@es/core';
import { SqliteConnection } from './sqlite-connection.ts';
import type { SqliteDatabase } from './sqlite-database.ts';
import { SqliteInboxStorage } from './sqlite-inbox-storage.ts';
import type { SqliteOptions } from './sqlite-options.ts';

/**
 * An inbox in an SQLite file: handlers write to its tables, in the transaction that they are given, exactly once for each event.
 *
 * Work is synchronous, as SQLite's transactions are: while one is held open across an `await`, whatever else writes on the connection would
 * become part of it. Work that returns a promise is refused and undone. Work may run once more when its transaction has to be repeated.
 */
export class SqliteInbox extends BaseInbox<SqliteDatabase> {
  /**
   * Opens the file, and makes or migrates its tables.
   *
   * @throws StorageError when that fails; InvalidArgumentError when the options can't be meant.
   */
  constructor(options: SqliteOptions) {
    super(new SqliteInboxStorage(new SqliteConnection('SqliteInbox', options)));
  }
}
