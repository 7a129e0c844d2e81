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
import { letterStatements } from './letter-statements.ts';
import { SqliteConnection } from './sqlite-connection.ts';
import type { SqliteOptions } from './sqlite-options.ts';

const upsert = `
INSERT INTO es_dead_letters (id, source, handler, letter) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET source = excluded.source, handler = excluded.handler, letter = excluded.letter`;
const select = 'SELECT letter FROM es_dead_letters WHERE id = ?';
const remove = 'DELETE FROM es_dead_letters WHERE id = ?';

/** A dead letter store in an SQLite file, which may be the event store's. */
export class SqliteDeadLetterStore implements DeadLetterStore {
  readonly #connection: SqliteConnection;
  readonly #lifecycle = new Lifecycle('SqliteDeadLetterStore');

  /**
   * Opens the file, and makes or migrates its tables.
   *
   * @throws StorageError when that fails; InvalidArgumentError when the options can't be meant.
   */
  constructor(options: SqliteOptions) {
    this.#connection = new SqliteConnection('SqliteDeadLetterStore', options);
  }

  async add(letter: DeadLetter, options: OperationOptions = {}): Promise<void> {
    this.#lifecycle.assertOpen('add', options.signal);
    const kept = copyDeadLetter(letter);
    const text = JSON.stringify(kept);
    const run = (): unknown => this.#connection.statement(upsert).run(kept.id, kept.source, kept.handler ?? null, text);
    await this.#connection.write('add', { run, bytes: text.length }, options.signal);
  }

  async list(options: ListDeadLettersOptions = {}): Promise<readonly DeadLetter[]> {
    this.#lifecycle.assertOpen('list', options.signal);
    const { list, values } = letterStatements(options);
    const parameters = [...values, options.after ?? '', deadLetterLimit(options.limit)];
    const rows = await this.#connection.read('list', () => this.#connection.statement(list).all(...parameters));
    return (rows as (readonly [string])[]).map(([text]): DeadLetter => JSON.parse(text));
  }

  async count(options: DeadLetterFilter & OperationOptions = {}): Promise<number> {
    this.#lifecycle.assertOpen('count', options.signal);
    const { count, values } = letterStatements(options);
    const row = await this.#connection.read('count', () => this.#connection.statement(count).get(...values));
    return (row as readonly [number])[0];
  }

  async get(id: string, options: OperationOptions = {}): Promise<DeadLetter | undefined> {
    this.#lifecycle.assertOpen('get', options.signal);
    const row = await this.#connection.read('get', () => this.#connection.statement(select).get(id));
    return row === undefined ? undefined : JSON.parse((row as readonly [string])[0]);
  }

  async remove(id: string, options: OperationOptions = {}): Promise<boolean> {
    this.#lifecycle.assertOpen('remove', options.signal);
    return this.#connection.write('remove', { run: () => this.#connection.statement(remove).run(id).changes > 0 }, options.signal);
  }

  async purge(options: DeadLetterFilter & OperationOptions = {}): Promise<number> {
    this.#lifecycle.assertOpen('purge', options.signal);
    const { purge, values } = letterStatements(options);
    return this.#connection.write('purge', { run: () => this.#connection.statement(purge).run(...values).changes }, options.signal);
  }

  close(): Promise<void> {
    return this.#lifecycle.close(() => this.#connection.close());
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
