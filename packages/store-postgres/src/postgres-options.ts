import { type ComponentOptions, InvalidArgumentError } from '@es/core';
import type { PostgresPool } from './postgres-pool.ts';

/** Where the tables are: in a pool that is handed in and stays its owner's to end, or at a URL to which the store connects by itself. */
export type PostgresLocation =
  | {
      /** A `Pool` of pg. Several stores may share one; none of them ends it. */
      readonly pool: PostgresPool;
      readonly connectionString?: never;
    }
  | {
      /** `postgres://user:password@host:port/database`, with pg's parameters. The store makes a pool of its own, and ends it when it is closed. */
      readonly connectionString: string;
      readonly pool?: never;
    };

/** What each of the stores on PostgreSQL can be given. */
export type PostgresOptions = PostgresLocation &
  ComponentOptions & {
    /** Schema of the tables, made where it does not exist; default `es`. 1 to 50 letters, digits, underscores or hyphens. */
    readonly schema?: string;
    /**
     * Whether statements are prepared under a name, once a connection; default true. Set it to false behind a pooler that lends connections by the
     * transaction and does not know prepared statements (PgBouncer before 1.21, or without `max_prepared_statements`).
     */
    readonly prepare?: boolean;
  };

/** @throws InvalidArgumentError unless there is either a pool or a connection string. */
export function checkLocation(component: string, { pool, connectionString }: PostgresOptions): void {
  if (pool !== undefined && connectionString === undefined && typeof pool?.connect === 'function') return;
  if (pool === undefined && typeof connectionString === 'string' && connectionString !== '') return;
  throw new InvalidArgumentError(
    `${component} needs either a \`pool\` of pg or a \`connectionString\` such as postgres://user:password@host/database, and not both.`,
  );
}

/** @throws InvalidArgumentError unless an option is left out or a finite number of milliseconds. */
export function milliseconds(component: string, option: string, value: number | undefined, otherwise: number, minimum: number): number {
  if (value === undefined) return otherwise;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < minimum || value > 2 ** 31 - 1) {
    throw new InvalidArgumentError(
      `${component} needs a ${option} that is a number of milliseconds from ${minimum}; it got ${String(value)}.`,
    );
  }
  return value;
}
