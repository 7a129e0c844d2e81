import { assertCheckpoint, type CheckpointStore, Lifecycle, type OperationOptions } from '@es/core';
import { assertText } from './append-batch.ts';
import { PostgresConnection, type Statement } from './postgres-connection.ts';
import type { PostgresOptions } from './postgres-options.ts';
import type { SqlNames } from './sql-names.ts';

/** A checkpoint store in a PostgreSQL database, which may be the event store's. Positions of any size are kept exactly. */
export class PostgresCheckpointStore implements CheckpointStore {
  readonly #connection: PostgresConnection;
  readonly #statements: ReturnType<typeof checkpointStatements>;
  readonly #lifecycle = new Lifecycle('PostgresCheckpointStore');

  /**
   * Connects at the first operation, which makes or migrates the tables.
   *
   * @throws InvalidArgumentError when the options can't be meant.
   */
  constructor(options: PostgresOptions) {
    this.#connection = new PostgresConnection('PostgresCheckpointStore', options);
    this.#statements = checkpointStatements(this.#connection.names);
  }

  async load(subscription: string, options: OperationOptions = {}): Promise<bigint | undefined> {
    this.#lifecycle.assertOpen('load', options.signal);
    assertCheckpoint(subscription);
    const { rows } = await this.#connection.query('load', this.#statements.load, [subscription]);
    const row = rows[0] as readonly [string] | undefined;
    return row === undefined ? undefined : BigInt(row[0]);
  }

  async save(subscription: string, position: bigint, options: OperationOptions = {}): Promise<void> {
    this.#lifecycle.assertOpen('save', options.signal);
    assertCheckpoint(subscription, position);
    assertText(subscription);
    await this.#connection.query('save', this.#statements.save, [subscription, String(position)]);
  }

  async delete(subscription: string, options: OperationOptions = {}): Promise<boolean> {
    this.#lifecycle.assertOpen('delete', options.signal);
    assertCheckpoint(subscription);
    const { rowCount } = await this.#connection.query('delete', this.#statements.delete, [subscription]);
    return rowCount === 1;
  }

  close(): Promise<void> {
    return this.#lifecycle.close(() => this.#connection.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function checkpointStatements({ schema }: SqlNames): Record<'load' | 'save' | 'delete', Statement> {
  return {
    load: { name: 'es_cp_load', text: `SELECT position FROM ${schema}.checkpoints WHERE subscription = $1` },
    save: {
      name: 'es_cp_save',
      text: `INSERT INTO ${schema}.checkpoints (subscription, position) VALUES ($1, $2)
ON CONFLICT (subscription) DO UPDATE SET position = excluded.position, saved_at = excluded.saved_at`,
    },
    delete: { name: 'es_cp_del', text: `DELETE FROM ${schema}.checkpoints WHERE subscription = $1` },
  };
}
