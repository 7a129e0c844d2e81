import { createDatabase, dropDatabase } from '@es-internal/services/databases';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { aStream, disorderOf, Follower, someEvents } from './following.fixture.ts';
import { PostgresEventStore } from './index.ts';
import { sqlNames } from './sql-names.ts';

const anyVersion = { expectedVersion: 'any' } as const;

describeWithPostgres('the order of the log', ({ url, name, adminUrl }) => {
  const pool = new Pool({ connectionString: url, max: 20 });
  const store = new PostgresEventStore({ pool, tracing: false, metrics: false });
  const other = new PostgresEventStore({ connectionString: url, tracing: false, metrics: false, listen: false });
  beforeAll(() => store.getHeadPosition());
  afterAll(async () => {
    await Promise.all([store.close(), other.close()]);
    await pool.end();
  });

  /** Runs a function with raw connections to the database, which are closed in the end whatever happens. */
  const withClients = async (count: number, fn: (...clients: Client[]) => Promise<void>, to = url): Promise<void> => {
    const clients = Array.from({ length: count }, () => new Client({ connectionString: to }));
    await Promise.all(clients.map((client) => client.connect()));
    try {
      await fn(...clients);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
  };

  /** A reader that has seen everything there is. */
  const follower = async (): Promise<Follower> => {
    const reader = new Follower(other);
    await reader.poll();
    return reader;
  };

  test('a transaction that appended first and commits last does not end up behind what has been read', () =>
    withClients(2, async (a, b) => {
      const reader = await follower();
      const [early, late] = [aStream(), aStream()];
      await a?.query('BEGIN');
      await b?.query('BEGIN');
      if (a === undefined || b === undefined) return;
      await store.inTransaction(a).appendEvents(early, someEvents(1), anyVersion);
      await store.inTransaction(b).appendEvents(late, someEvents(1), anyVersion);
      expect(await reader.poll()).toEqual([]);
      await b.query('COMMIT');
      expect(await reader.poll()).toEqual([`${late.aggregateId}@1`]);
      await a.query('COMMIT');
      expect(await reader.poll()).toEqual([`${early.aggregateId}@1`]);
      expect(disorderOf(await other.readAll().toArray())).toEqual([]);
    }));

  /** Does what an append does until the moment before its commit: it holds the log, and has its positions. */
  const appendUncommitted = async (client: Client, aggregateId: string): Promise<void> => {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(${sqlNames('es').locks.log})`);
    await client.query(
      `INSERT INTO es.events (position, occurred_at, recorded_at, version, schema_version, id, aggregate_type, aggregate_id, type, correlation_id, causation_id, data)
       VALUES (nextval('es.positions'), now(), now(), 1, 1, $1, 'Sample', $1, 'Happened', $1, $1, '{}')`,
      [aggregateId],
    );
  };

  const waitForWaiting = (waiting: number): Promise<void> =>
    vi.waitFor(async () => {
      const { rows } = await pool.query("SELECT count(*)::int AS waiting FROM pg_locks WHERE locktype = 'advisory' AND NOT granted");
      expect(rows).toEqual([{ waiting }]);
    });

  test('an append that waits for another one to commit gets the later position, however early it began', () =>
    withClients(1, async (a) => {
      if (a === undefined) return;
      const reader = await follower();
      const [first, second] = [aStream(), aStream()];
      await appendUncommitted(a, first.aggregateId);
      const appended = store.appendEvents(second, someEvents(1), anyVersion);
      await waitForWaiting(1);
      expect(await reader.poll()).toEqual([]);
      await a.query('COMMIT');
      await appended;
      expect(await reader.poll()).toEqual([`${first.aggregateId}@1`, `${second.aggregateId}@1`]);
    }));

  test('the commit of a transaction waits its turn too, and gets the later position', () =>
    withClients(2, async (a, b) => {
      if (a === undefined || b === undefined) return;
      const reader = await follower();
      const [first, second] = [aStream(), aStream()];
      await b.query('BEGIN');
      await store.inTransaction(b).appendEvents(second, someEvents(1), anyVersion);
      await appendUncommitted(a, first.aggregateId);
      const committed = b.query('COMMIT');
      await waitForWaiting(1);
      expect(await reader.poll()).toEqual([]);
      await a.query('COMMIT');
      await committed;
      expect(await reader.poll()).toEqual([`${first.aggregateId}@1`, `${second.aggregateId}@1`]);
    }));

  test('a transaction that began early and appends late to a stream keeps its versions in order in the log', () =>
    withClients(1, async (early) => {
      if (early === undefined) return;
      const reader = await follower();
      const stream = aStream();
      await early.query('BEGIN');
      await early.query('SELECT pg_current_xact_id()');
      await store.appendEvents(stream, someEvents(2), { expectedVersion: 'no-stream' });
      await store.inTransaction(early).appendEvents(stream, someEvents(1), { expectedVersion: 2 });
      await early.query('COMMIT');
      expect(await reader.poll()).toEqual([1, 2, 3].map((version) => `${stream.aggregateId}@${version}`));
    }));

  test('transactions that stay open, here and in another database, stall neither writers nor readers', async () => {
    const elsewhere = `${name}_elsewhere`;
    const elsewhereUrl = await createDatabase(adminUrl, elsewhere);
    try {
      await withClients(
        1,
        async (there) => {
          await there?.query('CREATE TABLE t (n int)');
          await there?.query('BEGIN');
          await there?.query('INSERT INTO t VALUES (1)');
          await withClients(2, async (here, appending) => {
            if (here === undefined || appending === undefined) return;
            await here.query('BEGIN');
            await here.query('CREATE TABLE held (n int)');
            await appending.query('BEGIN');
            const held = aStream();
            await store.inTransaction(appending).appendEvents(held, someEvents(1), anyVersion);
            const reader = await follower();
            const stream = aStream();
            for (let version = 1; version <= 3; version += 1) {
              await store.appendEvents(stream, someEvents(1), { expectedVersion: version - 1 });
              expect(await reader.poll()).toEqual([`${stream.aggregateId}@${version}`]);
            }
            await appending.query('ROLLBACK');
            expect(await reader.poll()).toEqual([]);
            await here.query('ROLLBACK');
          });
        },
        elsewhereUrl,
      );
    } finally {
      await dropDatabase(adminUrl, elsewhere);
    }
  });

  test('a rollback between two appends leaves no trace but a gap, which nobody waits for', () =>
    withClients(1, async (client) => {
      if (client === undefined) return;
      const reader = await follower();
      const stream = aStream();
      const first = await store.appendEvents(stream, someEvents(1), anyVersion);
      await client.query('BEGIN');
      const undone = store.inTransaction(client);
      await undone.appendEvents(stream, someEvents(5), { expectedVersion: 1 });
      // Numbered, and then undone: the positions are used up.
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      await client.query('ROLLBACK');
      const second = await store.appendEvents(stream, someEvents(1), { expectedVersion: 1 });
      expect(second.position).toBe(first.position + 6n);
      expect(await reader.poll()).toEqual([`${stream.aggregateId}@1`, `${stream.aggregateId}@2`]);
    }));

  test('no connection takes positions in advance', async () => {
    const { rows } = await pool.query("SELECT cache_size::int FROM pg_sequences WHERE schemaname = 'es' AND sequencename = 'positions'");
    expect(rows).toEqual([{ cache_size: 1 }]);
  });

  test('an append sees what was committed while it waited for its turn', () =>
    withClients(1, async (holder) => {
      if (holder === undefined) return;
      const stream = aStream();
      await appendUncommitted(holder, stream.aggregateId);
      // Both began before the commit; each must be checked against what it finds after it, not against what it saw at its start.
      const waiting = [other, store].map((each) =>
        each.appendEvents(stream, someEvents(1), { expectedVersion: 'no-stream' }).catch((error: unknown) => error),
      );
      await waitForWaiting(2);
      await holder.query('COMMIT');
      for (const outcome of await Promise.all(waiting)) expect(outcome).toMatchObject({ code: 'ES_CONCURRENCY', actualVersion: 1 });
    }));

  test('appends of two connections with staggered starts never both win', async () => {
    for (let round = 0; round < 30; round += 1) {
      const stream = aStream();
      const attempts = [store, other, store].map(async (each, index) => {
        for (let turn = 0; turn < ((round + index) * 7) % 11; turn += 1) await Promise.resolve();
        if ((round + index) % 3 === 0) await pool.query('SELECT 1');
        return each.appendEvents(stream, someEvents(1), { expectedVersion: 'no-stream' }).then(
          () => 'won',
          (error: { code: string }) => error.code,
        );
      });
      expect((await Promise.all(attempts)).sort()).toEqual(['ES_CONCURRENCY', 'ES_CONCURRENCY', 'won']);
    }
  });

  test('appends are refused where they would be checked against an old snapshot', () =>
    withClients(1, async (client) => {
      if (client === undefined) return;
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await expect(store.inTransaction(client).appendEvents(aStream(), someEvents(1), anyVersion)).rejects.toMatchObject({
        code: 'ES_STORAGE_FAILURE',
        message: expect.stringContaining('READ COMMITTED'),
      });
    }));
});
