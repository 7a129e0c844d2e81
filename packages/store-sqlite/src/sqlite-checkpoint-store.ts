import { assertCheckpoint, type CheckpointStore, Lifecycle, type OperationOptions } from '@es/core';
import { SqliteConnection } from './sqlite-connection.ts';
import type { SqliteOptions } from './sqlite-options.ts';

const select = 'SELECT position FROM es_checkpoints WHERE subscription = ?';
const upsert = `
INSERT INTO es_checkpoints (subscription, position, saved_at) VALUES (?, ?, ?)
ON CONFLICT (subscription) DO UPDATE SET position = excluded.position, saved_at = excluded.saved_at`;
const remove = 'DELETE FROM es_checkpoints WHERE subscription = ?';

/** A checkpoint store in an SQLite file, which may be the event store's. Positions of any size are kept exactly. */
export class SqliteCheckpointStore implements CheckpointStore {
  readonly #connection: SqliteConnection;
  readonly #lifecycle = new Lifecycle('SqliteCheckpointStore');

  /**
   * Opens the file, and makes or migrates its tables.
   *
   * @throws StorageError when that fails; InvalidArgumentError when the options can't be meant.
   */
  constructor(options: SqliteOptions) {
    this.#connection = new SqliteConnection('SqliteCheckpointStore', options);
  }

  async load(subscription: string, options: OperationOptions = {}): Promise<bigint | undefined> {
    this.#lifecycle.assertOpen('load', options.signal);
    assertCheckpoint(subscription);
    return this.#connection.read('load', () => {
      const row = this.#connection.statement(select).get(subscription) as readonly [string] | undefined;
      return row === undefined ? undefined : BigInt(row[0]);
    });
  }

  async save(subscription: string, position: bigint, options: OperationOptions = {}): Promise<void> {
    this.#lifecycle.assertOpen('save', options.signal);
    assertCheckpoint(subscription, position);
    const run = (): unknown => this.#connection.statement(upsert).run(subscription, String(position), new Date().toISOString());
    await this.#connection.write('save', { run }, options.signal);
  }

  async delete(subscription: string, options: OperationOptions = {}): Promise<boolean> {
    this.#lifecycle.assertOpen('delete', options.signal);
    assertCheckpoint(subscription);
    return this.#connection.write(
      'delete',
      { run: () => this.#connection.statement(remove).run(subscription).changes > 0 },
      options.signal,
    );
  }

  close(): Promise<void> {
    return this.#lifecycle.close(() => this.#connection.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
