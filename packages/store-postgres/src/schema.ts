import { StorageError } from '@es/core';
import type { PostgresPoolClient, PostgresQueryable } from './postgres-pool.ts';
import { createEvents } from './sql/001-events.ts';
import { createAppend } from './sql/002-append.ts';
import { createCompanions } from './sql/003-companions.ts';
import { createInbox } from './sql/004-inbox.ts';
import { type SqlNames, sqlNames } from './sql-names.ts';
import { transact } from './transact.ts';

/** The step at index i leads from version i to version i + 1. */
const steps = [createEvents, createAppend, createCompanions, createInbox];

/** A step of the schema, for people who migrate with a tool of their own. */
export interface PostgresMigration {
  /** The version of the schema that it leads to, from 1. */
  readonly version: number;
  /** SQL statements, to be run in one transaction. They note the version, so that the stores know that there is nothing left to do. */
  readonly sql: string;
}

/** From which version to which a schema was brought; the same twice when nothing had to be done. */
export interface Migration {
  readonly from: number;
  readonly to: number;
}

/**
 * The steps that make the stores' tables and functions, in the order in which to run them. A step is never edited after its release.
 *
 * @param schema - Name of the schema that holds them, as the stores get it; default `es`.
 * @throws InvalidArgumentError when the schema's name is not allowed.
 */
export function postgresMigrations(schema = 'es'): readonly PostgresMigration[] {
  const names = sqlNames(schema);
  return steps.map((step, index) => ({ version: index + 1, sql: `${prologue(names, index)}${step(names)}${note(names, index + 1)}` }));
}

function prologue({ name, schema }: SqlNames, index: number): string {
  if (index > 0) return '';
  return `
DO $body$ BEGIN
  -- Asked first, since IF NOT EXISTS alone would demand the right to make schemas where there is nothing to make.
  IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = '${name}') THEN CREATE SCHEMA ${schema}; END IF;
END $body$;

CREATE TABLE ${schema}.schema_version (
  version     integer PRIMARY KEY,
  migrated_at timestamptz NOT NULL DEFAULT now()
);
`;
}

function note({ schema }: SqlNames, version: number): string {
  return `
INSERT INTO ${schema}.schema_version (version) VALUES (${version});
`;
}

/**
 * Brings a schema up to this code, in one transaction: of several processes that start at once, one does it and the others wait.
 *
 * @param connect - Lends a connection of its own; asked for only if there is something to do.
 * @throws StorageError with the code `ES_STORAGE_SCHEMA` when newer code has been here; the driver's own error when the database fails.
 */
export async function migrate(pool: PostgresQueryable, names: SqlNames, connect: () => Promise<PostgresPoolClient>): Promise<Migration> {
  const to = steps.length;
  const found = await versionOf(pool, names);
  if (found === to) return { from: to, to };
  if (found > to) throw newerSchema(names, found);
  const client = await connect();
  return transact(client, async () => {
    await client.query({ text: `SELECT pg_advisory_xact_lock(${names.locks.migration})` });
    const from = await versionOf(client, names);
    if (from > to) throw newerSchema(names, from);
    for (const { version, sql } of postgresMigrations(names.name)) if (version > from) await client.query({ text: sql });
    return { from, to };
  });
}

/** 0 where there are no tables of ours. */
async function versionOf(client: PostgresQueryable, { name, schema }: SqlNames): Promise<number> {
  // A query of the catalog, since functions such as to_regclass() may answer from a cache that is older than the lock.
  const table = await client.query({
    text: `SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = '${name}' AND tablename = 'schema_version'`,
  });
  if (table.rows.length === 0) return 0;
  const { rows } = await client.query({ text: `SELECT coalesce(max(version), 0) FROM ${schema}.schema_version`, rowMode: 'array' });
  const [version] = rows[0] as readonly [number | string];
  return Number(version);
}

function newerSchema({ schema }: SqlNames, found: number): StorageError {
  return new StorageError(
    'ES_STORAGE_SCHEMA',
    `The tables in the schema ${schema} have version ${found}; this release of @es/store-postgres knows versions up to ${steps.length}. ` +
      'Nothing was changed. Upgrade @es/store-postgres, or give the stores another `schema`.',
  );
}
