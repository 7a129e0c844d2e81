import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createDatabase, dropDatabase } from '@es-internal/services/databases';
import { startPrivatePostgres } from '@es-internal/services/private-postgres';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aStream, disorderOf, someEvents } from './following.fixture.ts';
import { PostgresEventStore, postgresMigrations } from './index.ts';

const quiet = { tracing: false, metrics: false } as const;
const run = promisify(execFile);

describe('positions', () => {
  test('go on upwards after a crash and a restart', async () => {
    await using server = await startPrivatePostgres();
    const store = new PostgresEventStore({ connectionString: server.url, ...quiet });
    const stream = aStream();
    for (let round = 0; round < 3; round += 1) {
      await store.appendEvents(stream, someEvents(2), { expectedVersion: round * 2 });
      await server.stop(round === 1 ? 'fast' : 'immediate');
      await server.start();
    }
    await store.appendEvents(stream, someEvents(1), { expectedVersion: 6 });
    expect(disorderOf(await store.readAll().toArray())).toEqual([]);
    await store.close();
  });
});

describeWithPostgres('a sequence that is behind the log', ({ url, name, adminUrl }) => {
  const pool = new Pool({ connectionString: url });
  const store = new PostgresEventStore({ pool, ...quiet });
  afterAll(async () => {
    await store.close();
    await pool.end();
  });
  const reset = 'ALTER SEQUENCE es.positions RESTART';

  /** A log with a gap at its start, in which nothing may ever stand. */
  beforeAll(async () => {
    await store.getHeadPosition();
    await pool.query("SELECT nextval('es.positions') FROM generate_series(1, 5)");
    for (let round = 0; round < 10; round += 1) await store.appendEvents(aStream(), someEvents(2), { expectedVersion: 0 });
  });

  const appendsBehindHead = async (other: PostgresEventStore): Promise<void> => {
    const head = await other.getHeadPosition();
    const { position } = await other.appendEvents(aStream(), someEvents(1), { expectedVersion: 0 });
    expect(position).toBeGreaterThan(head);
    expect(disorderOf(await other.readAll().toArray())).toEqual([]);
  };

  test('after a restore of data alone is set right before the first append', async ({ skip }) => {
    await run('pg_dump', ['--version']).catch(() => skip('pg_dump is not installed here'));
    const { stdout } = await run('pg_dump', ['--data-only', '--table=es.events', '--table=es.event_tags', url], { maxBuffer: 2 ** 26 });
    const restoredUrl = await createDatabase(adminUrl, `${name}_data`);
    const schema = postgresMigrations().map(({ sql }) => sql);
    const restoring = run('psql', ['--quiet', '--set=ON_ERROR_STOP=1', restoredUrl]);
    restoring.child.stdin?.end([...schema, stdout].join('\n'));
    await restoring;
    const restored = new PostgresEventStore({ connectionString: restoredUrl, ...quiet });
    expect(await restored.readAll().toArray()).toEqual(await store.readAll().toArray());
    await appendsBehindHead(restored);
    await restored.close();
    await dropDatabase(adminUrl, `${name}_data`);
  });

  test('is set right before the first append in a transaction of the caller', async () => {
    await pool.query(reset);
    await using other = new PostgresEventStore({ pool, ...quiet });
    const client = await pool.connect();
    await client.query('BEGIN');
    await other.inTransaction(client).appendEvents(aStream(), someEvents(1), { expectedVersion: 0 });
    await client.query('COMMIT');
    client.release();
    expect(disorderOf(await other.readAll().toArray())).toEqual([]);
    await appendsBehindHead(other);
  });

  test('is set right once, by one of many stores that start together', async () => {
    await pool.query(reset);
    const stores = Array.from({ length: 6 }, () => new PostgresEventStore({ connectionString: url, ...quiet }));
    await Promise.all(stores.map((other) => other.appendEvents(aStream(), someEvents(3), { expectedVersion: 0 })));
    await Promise.all(stores.map((other) => other.close()));
    expect(disorderOf(await store.readAll().toArray())).toEqual([]);
    await appendsBehindHead(store);
  });

  test('is noticed by a store at work when a position is taken', async () => {
    const first = (await store.readAll({ limit: 1 }).toArray())[0]?.position;
    await pool.query(`SELECT setval('es.positions', ${first}, false)`);
    await appendsBehindHead(store);
  });

  test('which the role may not set fails appends, with the statement that its owner has to run', async () => {
    const role = `${name}_appender`;
    await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'app'; GRANT USAGE ON SCHEMA es TO ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA es TO ${role};
      GRANT INSERT ON es.events, es.event_tags TO ${role}; GRANT USAGE ON SEQUENCE es.positions TO ${role}; ${reset}`);
    const appUrl = new URL(url);
    [appUrl.username, appUrl.password] = [role, 'app'];
    const app = new PostgresEventStore({ connectionString: appUrl.href, ...quiet });
    const head = await app.getHeadPosition();
    const failing = app.appendEvents(aStream(), someEvents(1), { expectedVersion: 0 });
    const error: unknown = await failing.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ES_STORAGE_SCHEMA', message: expect.stringContaining('behind the log') });
    expect(await app.getHeadPosition()).toBe(head);
    await pool.query(/Run as its owner, while nobody appends: (.*)/s.exec(String(error))?.[1] ?? 'no statement');
    await appendsBehindHead(app);
    await app.close();
    await pool.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});

describeWithPostgres('a dump', ({ url, name, adminUrl }) => {
  test('restored into a fresh database holds the log as it was, and the store goes on behind it', async ({ skip }) => {
    await run('pg_dump', ['--version']).catch(() => skip('pg_dump is not installed here'));
    const store = new PostgresEventStore({ connectionString: url, ...quiet });
    const stream = aStream();
    const events = someEvents(3, { tags: ['t'] });
    await store.appendEvents(stream, events, { expectedVersion: 0 });
    for (let round = 0; round < 50; round += 1) await store.appendEvents(aStream(), someEvents(1), { expectedVersion: 0 });
    const log = await store.readAll().toArray();
    await store.close();
    const { stdout } = await run('pg_dump', ['--no-owner', url], { maxBuffer: 2 ** 26 });
    const restoredUrl = await createDatabase(adminUrl, `${name}_restored`);
    const restoring = run('psql', ['--quiet', '--set=ON_ERROR_STOP=1', restoredUrl]);
    restoring.child.stdin?.end(stdout);
    await restoring;
    const restored = new PostgresEventStore({ connectionString: restoredUrl, ...quiet });
    expect(await restored.readAll().toArray()).toEqual(log);
    expect(await restored.appendEvents(stream, events, { expectedVersion: 0 })).toMatchObject({ version: 3 });
    const { position } = await restored.appendEvents(stream, someEvents(1), { expectedVersion: 3 });
    expect(position).toBeGreaterThan(log.at(-1)?.position ?? 0n);
    expect(disorderOf(await restored.readAll().toArray())).toEqual([]);
    await restored.close();
    await dropDatabase(adminUrl, `${name}_restored`);
  });
});
