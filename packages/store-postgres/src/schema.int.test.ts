import { fork } from 'node:child_process';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { Pool } from 'pg';
import { afterAll, expect, test } from 'vitest';
import { aStream, someEvents } from './following.fixture.ts';
import {
  PostgresCheckpointStore,
  PostgresDeadLetterStore,
  PostgresEventStore,
  PostgresInbox,
  PostgresSnapshotStore,
  postgresMigrations,
} from './index.ts';

const quiet = { tracing: false, metrics: false } as const;

describeWithPostgres('the schema', ({ url, name }) => {
  const pool = new Pool({ connectionString: url, max: 20 });
  afterAll(() => pool.end());

  test('is made once, however many stores start at the same time', async () => {
    const stores = Array.from({ length: 12 }, () => new PostgresEventStore({ connectionString: url, schema: 'raced', ...quiet }));
    await Promise.all(stores.map((store) => store.appendEvents(aStream(), someEvents(1), { expectedVersion: 0 })));
    expect((await stores[0]?.readAll().toArray())?.length).toBe(12);
    await Promise.all(stores.map((store) => store.close()));
    const { rows } = await pool.query('SELECT version FROM raced.schema_version ORDER BY version');
    expect(rows).toEqual(postgresMigrations().map(({ version }) => ({ version })));
  });

  test('is made once, however many processes start at the same time', async () => {
    const starts = Array.from({ length: 4 }, async () => {
      const child = fork(new URL('./start-store.fixture.ts', import.meta.url), {
        execArgv: ['--conditions=@es/source', '--no-warnings'],
        env: { ...process.env, ES_TEST_URL: url },
      });
      return new Promise((resolve) => child.on('exit', resolve));
    });
    expect(await Promise.all(starts)).toEqual([0, 0, 0, 0]);
  });

  test('made by newer code is refused, and left as it is', async () => {
    const latest = postgresMigrations('newer').length;
    for (const { sql } of postgresMigrations('newer')) await pool.query(sql);
    await pool.query('INSERT INTO newer.schema_version (version) VALUES ($1)', [latest + 1]);
    const store = new PostgresEventStore({ pool, schema: 'newer', ...quiet });
    await expect(store.getHeadPosition()).rejects.toMatchObject({
      code: 'ES_STORAGE_SCHEMA',
      message: expect.stringContaining(`have version ${latest + 1}; `),
    });
    await store.close();
  });

  test('may be made beforehand as plain SQL, by a role that has more rights than the stores need', async () => {
    for (const { sql } of postgresMigrations('Made-before')) await pool.query(sql);
    const role = `${name}_app`;
    await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'app'; ${readmeGrants(role)}`);
    const appUrl = new URL(url);
    [appUrl.username, appUrl.password] = [role, 'app'];
    const options = { connectionString: appUrl.href, schema: 'Made-before', ...quiet } as const;
    const stores = [new PostgresEventStore(options), new PostgresSnapshotStore(options), new PostgresCheckpointStore(options)] as const;
    const stream = aStream();
    await stores[0].appendEvents(stream, someEvents(2, { tags: ['t'] }), { expectedVersion: 0 });
    const app = new Pool({ connectionString: appUrl.href });
    const client = await app.connect();
    await client.query('BEGIN');
    await stores[0].inTransaction(client).appendEvents(stream, someEvents(1, { tags: ['t'] }), { expectedVersion: 2 });
    await client.query('COMMIT');
    client.release();
    expect((await stores[0].readAll({ tags: ['t'] }).toArray()).length).toBe(3);
    await stores[1].save({ ...stream, version: 1, stateSchemaVersion: 1, state: {}, createdAt: new Date().toISOString() });
    await stores[1].delete(stream);
    await stores[2].save('s', 1n);
    await stores[2].delete('s');
    await using letters = new PostgresDeadLetterStore(options);
    expect(await letters.purge()).toBe(0);
    await using inbox = new PostgresInbox(options);
    const handle = (): Promise<string> => inbox.once('e-1', 'mailer', () => undefined);
    expect([await handle(), await handle(), await inbox.forgetBefore(new Date(0))]).toEqual(['handled', 'duplicate', 0]);
    await Promise.all(stores.map((store) => store.close()));
    await app.end();
    await pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });

  test.for(['', 'a"b', 'pg_mine', '1st', 'x'.repeat(51), 'a.b'])('can not be called %j', (schema) => {
    expect(() => new PostgresEventStore({ pool, schema })).toThrow(expect.objectContaining({ code: 'ES_INVALID_ARGUMENT' }));
  });

  /** What the README says, for the schema of this test. */
  const readmeGrants = (role: string): string => `
GRANT USAGE ON SCHEMA "Made-before" TO ${role};
GRANT SELECT ON ALL TABLES IN SCHEMA "Made-before" TO ${role};
GRANT INSERT ON "Made-before".events, "Made-before".event_tags TO ${role};
GRANT INSERT, DELETE ON "Made-before".pending_events TO ${role};
GRANT USAGE ON SEQUENCE "Made-before".positions TO ${role};
GRANT INSERT, UPDATE, DELETE ON "Made-before".snapshots, "Made-before".checkpoints, "Made-before".dead_letters, "Made-before".inbox TO ${role};`;
});
