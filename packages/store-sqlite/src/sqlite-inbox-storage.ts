import { AsyncResource } from 'node:async_hooks';
import {
  type InboxEntry,
  type InboxOutcome,
  type InboxStorage,
  type InboxWork,
  InvalidArgumentError,
  type OperationOptions,
} from '@es/core';
import type { SqliteConnection } from './sqlite-connection.ts';
import type { SqliteDatabase } from './sqlite-database.ts';

const insertHandled = 'INSERT INTO es_inbox (event_id, handler, handled_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
/* A slice at a time, so that what else is to be done meanwhile gets its turn. */
export const DELETE_HANDLED = `DELETE FROM es_inbox WHERE (event_id, handler) IN
  (SELECT event_id, handler FROM es_inbox WHERE handled_at < ? ORDER BY handled_at LIMIT 500)`;

/** Handled events in the table `es_inbox`. */
export class SqliteInboxStorage implements InboxStorage<SqliteDatabase> {
  readonly component = 'SqliteInbox';
  readonly #connection: SqliteConnection;

  constructor(connection: SqliteConnection) {
    this.#connection = connection;
  }

  once({ eventId, handler }: InboxEntry, work: InboxWork<SqliteDatabase>, { signal }: OperationOptions): Promise<InboxOutcome> {
    // The queue runs it later, which must not take it out of its caller's trace and message context.
    const inContext = AsyncResource.bind(work);
    const run = (): InboxOutcome => {
      const { changes } = this.#connection.statement(insertHandled).run(eventId, handler, new Date().toISOString());
      if (changes === 0) return 'duplicate';
      assertSynchronous(inContext(this.#connection.database));
      return 'handled';
    };
    return this.#connection.write('once', { run }, signal);
  }

  async forgetBefore(date: Date, { signal }: OperationOptions): Promise<number> {
    const before = date.toISOString();
    const run = (): number => this.#connection.statement(DELETE_HANDLED).run(before).changes;
    let count = 0;
    for (let changes = -1; changes !== 0; count += changes) changes = await this.#connection.write('forgetBefore', { run }, signal);
    return count;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

function assertSynchronous(result: unknown): void {
  if (typeof result !== 'object' || result === null || !('then' in result)) return;
  // What it does from now on is beyond the transaction; that it may fail there is nobody's concern any more.
  if (result instanceof Promise) result.catch(() => undefined);
  throw new InvalidArgumentError(
    'A handler of SqliteInbox returned a promise, but it runs inside an SQLite transaction, which is synchronous. Nothing was written by then; write without await.',
  );
}
