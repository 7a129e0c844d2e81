import { BaseInbox } from '@es/core';
import { PostgresConnection } from './postgres-connection.ts';
import { PostgresInboxStorage } from './postgres-inbox-storage.ts';
import type { PostgresOptions } from './postgres-options.ts';
import type { PostgresTransaction } from './postgres-pool.ts';

/**
 * An inbox in a PostgreSQL database: handlers write to its tables, in the transaction that they are given, exactly once for each event.
 *
 * Each event in hand holds one connection of the pool, with a transaction at READ COMMITTED. Events may be appended in it too, through
 * `eventStore.inTransaction(transaction)`.
 */
export class PostgresInbox extends BaseInbox<PostgresTransaction> {
  /**
   * Connects at the first operation, which makes or migrates the tables.
   *
   * @throws InvalidArgumentError when the options can't be meant.
   */
  constructor(options: PostgresOptions) {
    super(new PostgresInboxStorage(new PostgresConnection('PostgresInbox', options)));
  }
}
