import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { createDatabase, dropDatabase, urlOfDatabase } from '../databases.ts';
import { testName } from './names.ts';
import { offerOf, suite } from './suite.ts';

/** A database of a suite's own, empty before its first test and gone after its last. */
export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Its server as the superuser, in another database. */
  readonly adminUrl: string;
}

/** A {@link TestDatabase} that can also be reached through a pooler in transaction mode. */
export interface PooledTestDatabase extends TestDatabase {
  readonly pooledUrl: string;
}

const ownDatabase = (adminUrl: string): TestDatabase => {
  const name = testName(inject('run'), randomUUID().slice(0, 8));
  beforeAll(async () => {
    await createDatabase(adminUrl, name);
  });
  afterAll(() => dropDatabase(adminUrl, name));
  return { name, url: urlOfDatabase(adminUrl, name), adminUrl };
};

/**
 * A `describe` for tests that need PostgreSQL, with a database of its own. Where PostgreSQL can't be had, one test stands for all of
 * them, skipped with the reason. The package's vitest configuration names `@es-internal/services/vitest/postgres` as a global set-up.
 */
export const describeWithPostgres = (name: string, body: (database: TestDatabase) => void): void =>
  suite(name, [offerOf('postgres')], (adminUrl = '') => body(ownDatabase(adminUrl)));

/** {@link describeWithPostgres} with PgBouncer too, for which the configuration also names `@es-internal/services/vitest/pgbouncer`. */
export const describeWithPgBouncer = (name: string, body: (database: PooledTestDatabase) => void): void =>
  suite(name, [offerOf('postgres'), offerOf('pgbouncer')], (adminUrl = '', poolerUrl = '') => {
    const database = ownDatabase(adminUrl);
    body({ ...database, pooledUrl: urlOfDatabase(poolerUrl, database.name) });
  });
