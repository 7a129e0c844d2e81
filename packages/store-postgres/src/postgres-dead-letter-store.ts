import {
  type DeadLetter,
  type DeadLetterFilter,
  type DeadLetterStore,
  InvalidArgumentError,
  Lifecycle,
  type ListDeadLettersOptions,
  type OperationOptions,
} from '@es/core';
import { assertText } from './append-batch.ts';
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

  /** @throws InvalidArgumentError when the letter has no id. */
  async add(letter: DeadLetter, options: OperationOptions = {}): Promise<void> {
    this.#lifecycle.assertOpen('add', options.signal);
    if (typeof letter?.id !== 'string' || letter.id === '') {
      throw new InvalidArgumentError('A dead letter needs a non-empty string `id` by which it can be found again.');
    }
    for (const text of [letter.id, letter.source, letter.handler ?? '']) assertText(text);
    const values = [letter.id, letter.source, letter.handler ?? null, JSON.stringify(letter)];
    await this.#connection.query('add', this.#statements.add, values);
  }

  /** @throws InvalidArgumentError when the limit is not a whole number from 1. */
  async list(options: ListDeadLettersOptions = {}): Promise<readonly DeadLetter[]> {
    this.#lifecycle.assertOpen('list', options.signal);
    const { after = '', limit = 100, source = null, handler = null } = options;
    if (!Number.isSafeInteger(limit) || limit < 1) {
      throw new InvalidArgumentError(`Listing dead letters needs a limit that is a whole number from 1; it got ${String(limit)}.`);
    }
    const { rows } = await this.#connection.query('list', this.#statements.list, [source, handler, after, limit]);
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

  close(): Promise<void> {
    return this.#lifecycle.close(() => this.#connection.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

type NullableFilter = { readonly [Key in keyof DeadLetterFilter]: DeadLetterFilter[Key] | null };

function deadLetterStatements({ schema }: SqlNames): Record<'add' | 'list' | 'count' | 'get' | 'remove', Statement> {
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
    remove: { name: 'es_dl_del', text: `DELETE FROM ${schema}.dead_letters WHERE id = $1` },
  };
}
