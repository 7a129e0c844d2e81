import { setTimeout as sleep } from 'node:timers/promises';
import { ClosedError, type StorageDescription } from '@es/core';
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_SYSTEM,
  ATTR_DB_SYSTEM_NAME,
  getLogger,
  type Logger,
  SpanKind,
} from '@es/otel';
import { OpenDatabase } from './open-database.ts';
import { PACKAGE_NAME, PACKAGE_VERSION } from './package-info.ts';
import { pauseMs } from './pause.ts';
import type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts';
import { explainFailure, isBusy } from './sqlite-failure.ts';
import { checkSqliteOptions, type SqliteOptions } from './sqlite-options.ts';

/** Where the stores log, in the hierarchy of loggers. */
const LOGGER_NAME = 'eventsource.stores.sqlite';

/** What a store does to the database, without how long to wait: that is the connection's. */
export interface Write<T> {
  /** Runs inside a transaction, which is undone if it throws. */
  readonly run: () => T;
  readonly rows?: number;
  readonly bytes?: number;
  /** Called at the end where others held the file, with how long that was, and what the write failed with. */
  readonly onWait?: (seconds: number, error?: unknown) => void;
}

/** The view that one store has of its database: its deadline, its messages, its end. */
export class SqliteConnection {
  readonly logger: Logger;
  readonly #component: string;
  readonly #file: string;
  readonly #open: OpenDatabase;
  readonly #waitMs: number;
  #isClosed = false;

  /**
   * Opens the file and brings its tables up to date. Where another process holds the file just now, that is left to the first operation.
   *
   * @throws StorageError when the database can't be used; InvalidArgumentError when the options can't be meant.
   */
  constructor(component: string, options: SqliteOptions) {
    this.#component = component;
    this.#waitMs = checkSqliteOptions(component, options);
    this.logger = options.logger ?? getLogger(LOGGER_NAME);
    this.#file = options.path ?? options.database.name;
    try {
      this.#open = OpenDatabase.from(options, this.logger);
    } catch (error) {
      throw explainFailure(error, `new ${component}`, this.#file);
    }
  }

  /** Equal for all connections of this process to one file. */
  get identity(): unknown {
    return this.#open.identity;
  }

  /** The database itself, for what runs inside of {@link write}. */
  get database(): SqliteDatabase {
    return this.#open.database;
  }

  /** What a store's spans and metrics say of its database. */
  describe(collection: string): StorageDescription {
    return {
      component: this.#component,
      logger: LOGGER_NAME,
      scope: { name: PACKAGE_NAME, version: PACKAGE_VERSION },
      spanKind: SpanKind.INTERNAL,
      attributes: {
        [ATTR_DB_SYSTEM_NAME]: 'sqlite',
        [ATTR_DB_SYSTEM]: 'sqlite',
        [ATTR_DB_NAMESPACE]: this.#open.namespace,
        [ATTR_DB_COLLECTION_NAME]: collection,
      },
    };
  }

  /** A statement, prepared once a connection. Rows come as arrays. */
  statement(sql: string): SqliteStatement {
    return this.#open.statement(sql);
  }

  /**
   * Reads, again and again while the database is busy, until the deadline.
   *
   * @throws StorageError when the database fails; ClosedError when the store was closed in the meantime.
   */
  async read<T>(operation: string, fn: () => T): Promise<T> {
    let deadline: number | undefined;
    for (let attempt = 0; ; attempt += 1) {
      if (this.#isClosed) throw new ClosedError(this.#component, operation);
      try {
        this.#open.makeReady();
        return fn();
      } catch (error) {
        deadline ??= performance.now() + this.#waitMs;
        if (!isBusy(error) || performance.now() >= deadline) throw this.#explain(error, operation);
      }
      await sleep(pauseMs(attempt));
    }
  }

  /**
   * Writes, together with whatever else is written at the moment. Resolves once it is committed.
   *
   * @throws StorageError when the database fails, or is busy until the deadline; AbortedError when aborted before it started.
   */
  async write<T>(operation: string, { run, rows = 1, bytes = 0, onWait }: Write<T>, signal?: AbortSignal): Promise<T> {
    const tell =
      onWait === undefined
        ? undefined
        : (seconds: number, error?: unknown): void => onWait(seconds, error === undefined ? undefined : this.#explain(error, operation));
    try {
      return await this.#open.writes.write(
        { run, rows, bytes, operation: `${this.#component}.${operation}`, waitMs: this.#waitMs, onWait: tell },
        signal,
      );
    } catch (error) {
      throw this.#explain(error, operation);
    }
  }

  /** Waits for the writes that were begun, and closes the database if it is ours. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#open.writes.drain();
    this.#open.release();
  }

  #explain(error: unknown, operation: string): unknown {
    return explainFailure(error, `${this.#component}.${operation}`, this.#file);
  }
}
