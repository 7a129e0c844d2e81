import { BaseSnapshotStore } from '@es/core';
import { SqliteConnection } from './sqlite-connection.ts';
import type { SqliteOptions } from './sqlite-options.ts';
import { SqliteSnapshotStorage } from './sqlite-snapshot-storage.ts';

/** A snapshot store in an SQLite file, which may be the event store's. */
export class SqliteSnapshotStore extends BaseSnapshotStore {
  /**
   * Opens the file, and makes or migrates its tables.
   *
   * @throws StorageError when that fails; InvalidArgumentError when the options can't be meant.
   */
  constructor(options: SqliteOptions) {
    super(new SqliteSnapshotStorage(new SqliteConnection('SqliteSnapshotStore', options)), options);
  }
}
