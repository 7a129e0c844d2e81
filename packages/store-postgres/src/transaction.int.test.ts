import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aStream, disorderOf, someEvents } from './following.fixture.ts';
import { PostgresEventStore } from './index.ts';

const anyVersion = { expectedVersion: 'any' } as const;

describeWithPostgres('appends in a transaction of the caller', ({ url }) => {
  const pool = new Pool({ connectionString: url, max: 20 });
  const store = new PostgresEventStore({ pool, tracing: false, metrics: false, lockTimeoutMs: 200 });
  const patient = new PostgresEventStore({ pool, tracing: false, metrics: false });
  beforeAll(async () => {
    await store.getHeadPosition();
    await pool.query('CREATE TABLE read_model (id text PRIMARY KEY)');
  });
  afterAll(async () => {
    await Promise.all([store.close(), patient.close()]);
    await pool.end();
  });

  const inTransaction = async (fn: (client: Client) => Promise<void>): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query('BEGIN');
      await fn(client);
    } finally {
      await client.end();
    }
  };

  test('commit together with what else the transaction writes, or not at all', () =>
    inTransaction(async (client) => {
      const [kept, undone] = [aStream(), aStream()];
      await store.inTransaction(client).appendEvents(kept, someEvents(2), { expectedVersion: 'no-stream' });
      await client.query('INSERT INTO read_model VALUES ($1)', [kept.aggregateId]);
      await client.query('COMMIT');
      await client.query('BEGIN');
      await store.inTransaction(client).appendEvents(undone, someEvents(2), { expectedVersion: 'no-stream' });
      await client.query('INSERT INTO read_model VALUES ($1)', [undone.aggregateId]);
      await client.query('ROLLBACK');
      expect((await pool.query('SELECT id FROM read_model')).rows).toEqual([{ id: kept.aggregateId }]);
      expect((await store.getEvents(kept).toArray()).map(({ version }) => version)).toEqual([1, 2]);
      expect(await store.getEvents(undone).toArray()).toEqual([]);
      expect((await pool.query('SELECT count(*)::int FROM es.pending_events')).rows).toEqual([{ count: 0 }]);
    }));

  test('are seen by the transaction itself at once, at position 0, and by others at the commit, with their positions', () =>
    inTransaction(async (client) => {
      const stream = aStream();
      await store.appendEvents(stream, someEvents(1), anyVersion);
      const own = store.inTransaction(client);
      expect(await own.appendEvents(stream, someEvents(2), { expectedVersion: 1 })).toEqual({ version: 3, position: 0n });
      expect((await own.getEvents(stream).toArray()).map(({ version, position }) => [version, position > 0n])).toEqual([
        [1, true],
        [2, false],
        [3, false],
      ]);
      expect((await own.getEvents(stream, { direction: 'backward', limit: 1 }).toArray()).map(({ version }) => version)).toEqual([3]);
      expect((await store.getEvents(stream).toArray()).length).toBe(1);
      expect(await own.appendEvents(stream, [], { expectedVersion: 3 })).toEqual({ version: 3, position: 0n });
      await client.query('COMMIT');
      const log = await store.readAll().toArray();
      expect(disorderOf(log)).toEqual([]);
      expect(log.slice(-3).map(({ aggregateId, version }) => [aggregateId, version])).toEqual(
        [1, 2, 3].map((version) => [stream.aggregateId, version]),
      );
    }));

  test('obey conditions and know repeated ids, within the transaction too', () =>
    inTransaction(async (client) => {
      const stream = aStream();
      const events = someEvents(2);
      const own = store.inTransaction(client);
      await own.appendEvents(stream, events, { expectedVersion: 'no-stream' });
      await expect(own.appendEvents(stream, someEvents(1), { expectedVersion: 'no-stream' })).rejects.toMatchObject({
        code: 'ES_CONCURRENCY',
        actualVersion: 2,
      });
      expect(await own.appendEvents(stream, events, { expectedVersion: 'no-stream' })).toMatchObject({ version: 2 });
      await expect(own.appendEvents(aStream(), events.slice(0, 1), anyVersion)).rejects.toMatchObject({ code: 'ES_EVENT_ID_CONFLICT' });
      await client.query('COMMIT');
      expect((await store.getEvents(stream).toArray()).length).toBe(2);
      expect((await store.appendEvents(stream, events, { expectedVersion: 'no-stream' })).version).toBe(2);
    }));

  test('follow savepoints', () =>
    inTransaction(async (client) => {
      const stream = aStream();
      const own = store.inTransaction(client);
      await client.query('SAVEPOINT s');
      await own.appendEvents(stream, someEvents(2), anyVersion);
      await client.query('ROLLBACK TO s');
      const [kept] = someEvents(1, { tags: ['kept'] });
      if (kept === undefined) return;
      await own.appendEvents(stream, [kept], { expectedVersion: 'no-stream' });
      await client.query('SET CONSTRAINTS ALL IMMEDIATE');
      await client.query('SET CONSTRAINTS ALL DEFERRED');
      await own.appendEvents(stream, someEvents(1), { expectedVersion: 1 });
      await client.query('COMMIT');
      expect((await store.getEvents(stream).toArray()).map(({ version }) => version)).toEqual([1, 2]);
      expect((await store.readAll({ tags: ['kept'] }).toArray()).map(({ id }) => id)).toEqual([kept.id]);
    }));

  test('make others wait for their streams alone: until a deadline, then with a clear error', () =>
    inTransaction(async (client) => {
      const stream = aStream();
      await store.inTransaction(client).appendEvents(stream, someEvents(1), anyVersion);
      const refused = { code: 'ES_STORAGE_BUSY', message: expect.stringContaining('another open transaction') };
      const held = expect(store.appendEvents(stream, someEvents(1), anyVersion)).rejects.toMatchObject(refused);
      const waiting = patient.appendEvents(stream, someEvents(1), { expectedVersion: 1 });
      // Beside one that waits, others of the same store go on.
      for (let round = 0; round < 5; round += 1) await store.appendEvents(aStream(), someEvents(1), anyVersion);
      await held;
      await inTransaction(async (second) => {
        await expect(store.inTransaction(second).appendEvents(stream, someEvents(1), anyVersion)).rejects.toMatchObject(refused);
        // Waiting in vain did not end the transaction.
        await store.inTransaction(second).appendEvents(aStream(), someEvents(1), anyVersion);
        await second.query('COMMIT');
      });
      await client.query('COMMIT');
      expect(await waiting).toMatchObject({ version: 2 });
    }));

  test('an append that waits can be aborted, and closing waits for it otherwise', () =>
    inTransaction(async (client) => {
      const stream = aStream();
      await store.inTransaction(client).appendEvents(stream, someEvents(1), anyVersion);
      const controller = new AbortController();
      const aborted = patient.appendEvents(stream, someEvents(1), anyVersion, { signal: controller.signal });
      // It was sent and answered: from now on it asks again from time to time.
      await patient.appendEvents(aStream(), someEvents(1), anyVersion);
      controller.abort();
      await expect(aborted).rejects.toMatchObject({ code: 'ES_ABORTED' });
      const closing = new PostgresEventStore({ pool, tracing: false, metrics: false });
      const waiting = closing.appendEvents(stream, someEvents(1), anyVersion);
      const closed = closing.close();
      await client.query('COMMIT');
      expect(await waiting).toMatchObject({ version: 2 });
      await closed;
    }));

  test('an id that an open transaction has used elsewhere fails one of the two, and nothing hangs', () =>
    inTransaction(async (client) => {
      const events = someEvents(1);
      await store.inTransaction(client).appendEvents(aStream(), events, anyVersion);
      const stream = aStream();
      await store.appendEvents(stream, events, anyVersion);
      await expect(client.query('COMMIT')).rejects.toMatchObject({ code: '23505', constraint: 'events_id' });
      expect((await store.getEvents(stream).toArray()).length).toBe(1);
    }));
});
