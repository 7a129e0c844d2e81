import { type ComponentOptions, InvalidArgumentError } from '@es/core';
import type { SqliteDatabase } from './sqlite-database.ts';

/**
 * When SQLite forces what it writes onto the disk (its `PRAGMA synchronous`). What was acknowledged survives the end of the process by any
 * means at every level, and at `full` and `extra` a power failure too. After a power failure `normal` may have lost the last commits, and
 * `off` may leave a damaged file.
 */
export type Synchronous = 'off' | 'normal' | 'full' | 'extra';

/** Where the tables are: in a file that the store opens and closes, or in a database that is handed in and stays its owner's to close. */
export type SqliteLocation =
  | {
      /** Path of the file, made if it does not exist (its folder is not), or `:memory:`. */
      readonly path: string;
      readonly database?: never;
    }
  | {
      /** A better-sqlite3 database. Several stores may share one, and their writes then share transactions. */
      readonly database: SqliteDatabase;
      readonly path?: never;
    };

/** What each of the stores on SQLite can be given. */
export type SqliteOptions = SqliteLocation &
  ComponentOptions & {
    /**
     * Default `full`. It is set on the connection, also on one that was handed in; stores that share a database share the level that the first
     * of them set.
     */
    readonly synchronous?: Synchronous;
    /** How long an operation waits while other connections hold the file, in milliseconds; default 5,000. Waiting doesn't block the event loop. */
    readonly busyTimeoutMs?: number;
  };

const levels: readonly unknown[] = ['off', 'normal', 'full', 'extra'] satisfies readonly Synchronous[];
const defaultBusyTimeoutMs = 5_000;

/**
 * Checks the options that all stores share.
 *
 * @returns the deadline for waiting, in milliseconds.
 * @throws InvalidArgumentError for anything that can't be meant.
 */
export function checkSqliteOptions(component: string, { path, database, synchronous, busyTimeoutMs }: SqliteOptions): number {
  if ((path === undefined) === (database === undefined) || path === '') {
    throw new InvalidArgumentError(
      `${component} needs either a \`path\` (a file, or ':memory:') or a \`database\` of better-sqlite3; it got ${path === undefined || path === '' ? 'neither' : 'both'}.`,
    );
  }
  if (synchronous !== undefined && !levels.includes(synchronous)) {
    throw new InvalidArgumentError(`${component} knows synchronous: ${levels.join(', ')}; it got ${String(synchronous)}.`);
  }
  return milliseconds(component, 'busyTimeoutMs', busyTimeoutMs, defaultBusyTimeoutMs, 0);
}

/** @throws InvalidArgumentError unless an option is left out or a finite number of milliseconds. */
export function milliseconds(component: string, option: string, value: number | undefined, otherwise: number, minimum: number): number {
  if (value === undefined) return otherwise;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < minimum) {
    throw new InvalidArgumentError(
      `${component} needs a ${option} that is a number of milliseconds from ${minimum}; it got ${String(value)}.`,
    );
  }
  return value;
}
