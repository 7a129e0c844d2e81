import { type InboxEntry, type InboxOutcome, type InboxStorage, type InboxWork, type OperationOptions, throwIfAborted } from '@es/core';
import type { PostgresConnection, Statement } from './postgres-connection.ts';
import type { PostgresTransaction } from './postgres-pool.ts';
import type { SqlNames } from './sql-names.ts';

/** Handled events in the table `inbox`. */
export class PostgresInboxStorage implements InboxStorage<PostgresTransaction> {
  readonly component = 'PostgresInbox';
  readonly #connection: PostgresConnection;
  readonly #statements: ReturnType<typeof inboxStatements>;

  constructor(connection: PostgresConnection) {
    this.#connection = connection;
    this.#statements = inboxStatements(connection.names);
  }

  once({ eventId, handler }: InboxEntry, work: InboxWork<PostgresTransaction>, { signal }: OperationOptions): Promise<InboxOutcome> {
    return this.#connection.transaction('once', async (client) => {
      // Waits for another transaction that has just recorded the same.
      const { rowCount } = await this.#connection.queryOn(client, 'once', this.#statements.record, [eventId, handler]);
      if (rowCount === 0) return 'duplicate';
      throwIfAborted(signal, `${this.component}.once`);
      await work(client);
      return 'handled';
    });
  }

  async forgetBefore(date: Date): Promise<number> {
    const { rowCount } = await this.#connection.query('forgetBefore', this.#statements.forget, [date.toISOString()]);
    return rowCount ?? 0;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

function inboxStatements({ schema }: SqlNames): Record<'record' | 'forget', Statement> {
  return {
    record: { name: 'es_inbox_add', text: `INSERT INTO ${schema}.inbox (event_id, handler) VALUES ($1, $2) ON CONFLICT DO NOTHING` },
    forget: { name: 'es_inbox_del', text: `DELETE FROM ${schema}.inbox WHERE handled_at < $1::timestamptz` },
  };
}
