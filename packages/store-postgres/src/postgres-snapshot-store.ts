import { BaseSnapshotStore } from '@es/core';
import { PostgresConnection } from './postgres-connection.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { PostgresSnapshotStorage } from './postgres-snapshot-storage.ts';

/** A snapshot store in a PostgreSQL database, which may be the event store's. */
export class PostgresSnapshotStore extends BaseSnapshotStore {
  /**
   * Connects at the first operation, which makes or migrates the tables.
   *
   * @throws InvalidArgumentError when the options can't be meant.
   */
  constructor(options: PostgresOptions) {
    super(new PostgresSnapshotStorage(new PostgresConnection('PostgresSnapshotStore', options)), options);
  }
}
