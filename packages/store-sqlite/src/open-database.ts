import { realpathSync } from 'node:fs';
import { basename } from 'node:path';
import { InvalidArgumentError } from '@es/core';
import type { Logger } from '@es/otel';
import Database from 'better-sqlite3';
import { migrate } from './schema.ts';
import type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts';
import { isBusy } from './sqlite-failure.ts';
import type { SqliteOptions, Synchronous } from './sqlite-options.ts';
import { DatabaseInUse, inImmediateTransaction, inSavepoint } from './transactions.ts';
import { WriteQueue, type WriteTarget } from './write-queue.ts';

const defaultSynchronous: Synchronous = 'full';
const shared = new WeakMap<SqliteDatabase, OpenDatabase>();

/** One connection, with what belongs to it rather than to one of the stores on it: prepared statements, the queue of writes, the pragmas. */
export class OpenDatabase implements WriteTarget {
  readonly database: SqliteDatabase;
  /** Whether we opened it, and so close it. */
  readonly isOwn: boolean;
  readonly synchronous: Synchronous;
  /** Equal for all connections of this process to one file. */
  readonly identity: unknown;
  readonly writes: WriteQueue;
  readonly #logger: Logger;
  readonly #statements = new Map<string, SqliteStatement>();
  #isReady = false;
  /** SQLite's own way of waiting for locks would block the event loop, so it is off while we write. */
  #ownersTimeout = 0;

  private constructor(database: SqliteDatabase, isOwn: boolean, synchronous: Synchronous, logger: Logger) {
    this.database = database;
    this.isOwn = isOwn;
    this.synchronous = synchronous;
    this.identity = identityOf(database);
    this.#logger = logger;
    this.writes = new WriteQueue(this);
  }

  /**
   * Opens the file, or takes the database that was handed in, and gets it ready unless it is busy just now; the operations will do that then.
   *
   * Throws what better-sqlite3 throws.
   * @throws InvalidArgumentError when the database is shared already, at another level.
   */
  static from(options: SqliteOptions, logger: Logger): OpenDatabase {
    const opened =
      options.database === undefined ? OpenDatabase.#file(options, logger) : OpenDatabase.#handedIn(options.database, options, logger);
    try {
      opened.makeReady();
    } catch (error) {
      if (isBusy(error)) return opened;
      opened.release();
      throw error;
    }
    return opened;
  }

  static #file({ path, synchronous = defaultSynchronous }: SqliteOptions, logger: Logger): OpenDatabase {
    return new OpenDatabase(new Database(path, { timeout: 0 }), true, synchronous, logger);
  }

  static #handedIn(database: SqliteDatabase, { synchronous }: SqliteOptions, logger: Logger): OpenDatabase {
    const known = shared.get(database);
    if (known === undefined) {
      const opened = new OpenDatabase(database, false, synchronous ?? defaultSynchronous, logger);
      shared.set(database, opened);
      return opened;
    }
    if (synchronous !== undefined && synchronous !== known.synchronous) {
      throw new InvalidArgumentError(
        `${database.name} is shared with another store at synchronous ${known.synchronous}, and one connection has one level; ${synchronous} needs a connection of its own.`,
      );
    }
    return known;
  }

  /** The file's name without its folder: short, and without what a path may give away. */
  get namespace(): string {
    return this.database.memory ? ':memory:' : basename(this.database.name);
  }

  /** Sets the connection up and brings the tables up to date, once. Throws what SQLite throws, and may be tried again. */
  makeReady(): void {
    if (this.#isReady) return;
    if (this.database.inTransaction) throw new DatabaseInUse();
    if (this.isOwn) this.database.pragma('journal_mode = WAL');
    else this.#ownersTimeout = Number(this.database.pragma('busy_timeout', { simple: true }));
    this.database.pragma(`synchronous = ${this.synchronous}`);
    // Where the system has a difference (macOS), only this reaches the disk itself.
    if (this.synchronous === 'full' || this.synchronous === 'extra') this.database.pragma('fullfsync = ON');
    const { from, to } = this.#withoutWaiting(() => migrate(this.database));
    if (from < to) this.#logger.info({ path: this.database.name, from, to }, 'schema migrated');
    this.#isReady = true;
  }

  /** Runs a function in a write transaction; busy at once if another connection writes. */
  transact(fn: () => void): void {
    this.#withoutWaiting(() => inImmediateTransaction(this.database, fn));
  }

  /** A prepared statement, which gives rows as arrays and integers as numbers whatever the owner's defaults are. */
  statement(sql: string): SqliteStatement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.database.prepare(sql).safeIntegers(false);
    if (statement.reader) statement.raw(true);
    this.#statements.set(sql, statement);
    return statement;
  }

  /** Runs a part of the current transaction, which is undone if it throws. */
  inSavepoint(fn: () => void): void {
    inSavepoint(this.database, fn);
  }

  get inTransaction(): boolean {
    return this.database.inTransaction;
  }

  /** Closes the database, if it is ours. */
  release(): void {
    if (!this.isOwn) return;
    this.#optimize();
    this.database.close();
  }

  /** Keeps the planner's statistics fresh, as SQLite advises before closing; that it may fail (busy, read-only) does no harm. */
  #optimize(): void {
    try {
      if (this.#isReady) this.database.exec('PRAGMA optimize');
    } catch (error) {
      this.#logger.debug({ path: this.database.name, err: error }, 'statistics not updated');
    }
  }

  #withoutWaiting<T>(fn: () => T): T {
    if (this.#ownersTimeout === 0) return fn();
    this.database.exec('PRAGMA busy_timeout = 0');
    try {
      return fn();
    } finally {
      this.database.exec(`PRAGMA busy_timeout = ${this.#ownersTimeout}`);
    }
  }
}

function identityOf(database: SqliteDatabase): unknown {
  if (database.memory) return database;
  try {
    return realpathSync(database.name);
  } catch {
    // A temporary database has no path.
    return database;
  }
}
