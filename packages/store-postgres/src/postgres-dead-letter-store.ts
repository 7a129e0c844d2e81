import {
  copyDeadLetter,
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterStore,
  deadLetterLimit,
  Lifecycle,
  type ListDeadLettersOptions,
  type OperationOptions,
} from '@es/core';
import { PostgresConnection, type Statement } from './postgres-connection.ts';
import type { PostgresOptions } from './postgres-options.ts';
import type { SqlNames } from './sql-names.ts';

/** A dead letter store in a PostgreSQL database, which may be the event store's. */
export class PostgresDeadLetterStore implements DeadLetterStore {
  readonly #connection: PostgresConnection;
  readonly #statements: ReturnType<typeof deadLetterStatements>;
  readonly #lifecycle = new Lifecycle('PostgresDeadLetterStore');

  /**
   * Connects at the first operation, which makes or migrates the tables.
   *
   * @throws InvalidArgumentError when the options can't be meant.
   */
  constructor(options: PostgresOptions) {
    this.#connection = new PostgresConnection('PostgresDeadLetterStore', options);
    this.#statements = deadLetterStatements(this.#connection.names);
  }

  async add(letter: DeadLetter, options: OperationOptions = {}): Promise<void> {
    this.#lifecycle.assertOpen('add', options.signal);
    const kept = copyDeadLetter(letter);
    await this.#connection.query('add', this.#statements.add, [kept.id, kept.source, kept.handler ?? null, JSON.stringify(kept)]);
  }

  async list(options: ListDeadLettersOptions = {}): Promise<readonly DeadLetter[]> {
    this.#lifecycle.assertOpen('list', options.signal);
    const { after = '', source = null, handler = null } = options;
    const values = [source, handler, after, deadLetterLimit(options.limit)];
    const { rows } = await this.#connection.query('list', this.#statements.list, values);
    return (rows as (readonly [string])[]).map(([text]): DeadLetter => JSON.parse(text));
  }

  async count({ source = null, handler = null, signal }: NullableFilter & OperationOptions = {}): Promise<number> {
    this.#lifecycle.assertOpen('count', signal);
    const { rows } = await this.#connection.query('count', this.#statements.count, [source, handler]);
    const [count] = rows[0] as readonly [string];
    return Number(count);
  }

  async get(id: string, options: OperationOptions = {}): Promise<DeadLetter | undefined> {
    this.#lifecycle.assertOpen('get', options.signal);
    const { rows } = await this.#connection.query('get', this.#statements.get, [id]);
    const row = rows[0] as readonly [string] | undefined;
    return row === undefined ? undefined : JSON.parse(row[0]);
  }

  async remove(id: string, options: OperationOptions = {}): Promise<boolean> {
    this.#lifecycle.assertOpen('remove', options.signal);
    const { rowCount } = await this.#connection.query('remove', this.#statements.remove, [id]);
    return rowCount === 1;
  }

  async purge({ source = null, handler = null, signal }: NullableFilter & OperationOptions = {}): Promise<number> {
    this.#lifecycle.assertOpen('purge', signal);
    const { rowCount } = await this.#connection.query('purge', this.#statements.purge, [source, handler]);
    return rowCount ?? 0;
  }

  close(): Promise<void> {
    return this.#lifecycle.close(() => this.#connection.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

type NullableFilter = { readonly [Key in keyof DeadLetterFilter]: DeadLetterFilter[Key] | null };

function deadLetterStatements({ schema }: SqlNames): Record<'add' | 'list' | 'count' | 'get' | 'remove' | 'purge', Statement> {
  const matching = `FROM ${schema}.dead_letters WHERE ($1::text IS NULL OR source = $1) AND ($2::text IS NULL OR handler = $2)`;
  return {
    add: {
      name: 'es_dl_add',
      text: `INSERT INTO ${schema}.dead_letters (id, source, handler, letter) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET source = excluded.source, handler = excluded.handler, letter = excluded.letter`,
    },
    list: { name: 'es_dl_list', text: `SELECT letter ${matching} AND id > $3 ORDER BY id LIMIT $4` },
    count: { name: 'es_dl_count', text: `SELECT count(*) ${matching}` },
    get: { name: 'es_dl_get', text: `SELECT letter FROM ${schema}.dead_letters WHERE id = $1` },
    purge: { name: 'es_dl_purge', text: `DELETE ${matching}` },
    remove: { name: 'es_dl_del', text: `DELETE FROM ${schema}.dead_letters WHERE id = $1` },
  };
}
