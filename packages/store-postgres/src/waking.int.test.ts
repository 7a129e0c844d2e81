import { describeWithPgBouncer } from '@es-internal/services/vitest/use-postgres';
import { Pool } from 'pg';
import { afterAll, expect, onTestFinished, test, vi } from 'vitest';
import { aStream, disorderOf, someEvents } from './following.fixture.ts';
import { PostgresEventStore, type PostgresEventStoreOptions } from './index.ts';

const anyVersion = { expectedVersion: 'any' } as const;
/* So long that only an announcement can wake in time. */
const never = 2 ** 31 - 1;

describeWithPgBouncer('waiting for events', ({ url, pooledUrl }) => {
  const open = (options: Partial<PostgresEventStoreOptions> = {}): PostgresEventStore => {
    const store = new PostgresEventStore({
      connectionString: url,
      tracing: false,
      metrics: false,
      ...options,
    } as PostgresEventStoreOptions);
    onTestFinished(() => store.close());
    return store;
  };
  const admin = new Pool({ connectionString: url, max: 2 });
  afterAll(() => admin.end());

  /** Those who listen share a lock. */
  const listeners = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted";
  const isHeard = async (): Promise<boolean> => (await admin.query(listeners)).rows.length > 0;

  test('an append wakes those who listen in other processes, without polling', async () => {
    const [writer, reader] = [open(), open({ pollIntervalMs: never })];
    const head = await reader.getHeadPosition();
    const waiting = reader.waitForEvents(head);
    await vi.waitFor(async () => expect(await isHeard()).toBe(true));
    await writer.appendEvents(aStream(), someEvents(1), anyVersion);
    expect(await waiting).toBe(true);
  });

  test('after a transaction of the caller, announce() wakes them', async () => {
    const [writer, reader] = [open(), open({ pollIntervalMs: never })];
    await writer.getHeadPosition();
    const waiting = reader.waitForEvents(await reader.getHeadPosition());
    await vi.waitFor(async () => expect(await isHeard()).toBe(true));
    const client = await admin.connect();
    await client.query('BEGIN');
    await writer.inTransaction(client).appendEvents(aStream(), someEvents(1), anyVersion);
    await client.query('COMMIT');
    client.release();
    writer.announce();
    expect(await waiting).toBe(true);
  });

  test('a reader whose connection to listen is lost listens again, and misses nothing meanwhile', async () => {
    const [writer, reader] = [open(), open({ pollIntervalMs: 20 })];
    let head = await reader.getHeadPosition();
    for (let round = 0; round < 3; round += 1) {
      const waiting = reader.waitForEvents(head);
      await vi.waitFor(async () => expect(await isHeard()).toBe(true));
      await admin.query(`SELECT pg_terminate_backend(pid) FROM (${listeners}) AS listener`);
      const { position } = await writer.appendEvents(aStream(), someEvents(1), anyVersion);
      expect(await waiting).toBe(true);
      head = position;
    }
  });

  test('a burst is announced twice: at its beginning, and for all the rest together', async () => {
    const writer = open();
    await writer.getHeadPosition();
    const listener = await admin.connect();
    const heard: (string | undefined)[] = [];
    listener.on('notification', ({ payload }) => void heard.push(payload));
    await listener.query('LISTEN es_es_appends');
    for (let announcement = 0; announcement < 500; announcement += 1) writer.announce();
    await vi.waitFor(() => expect(heard.length).toBe(2));
    // What comes on one channel comes in order: nothing else was on its way.
    await listener.query("NOTIFY es_es_appends, 'end'");
    await vi.waitFor(() => expect(heard).toEqual(['', '', 'end']));
    listener.release(true);
  });

  test('nothing is announced while nobody listens', async () => {
    const writer = open();
    await writer.getHeadPosition();
    await vi.waitFor(async () => expect(await isHeard()).toBe(false));
    const query = vi.fn<(text: unknown) => void>();
    const pool = new Pool({ connectionString: url });
    onTestFinished(() => pool.end());
    const original = pool.query.bind(pool);
    Object.assign(pool, {
      query: (config: { text: string }) => {
        query(config.text);
        return original(config);
      },
    });
    const watched = open({ pool, connectionString: undefined } as unknown as PostgresEventStoreOptions);
    for (let round = 0; round < 5; round += 1) await watched.appendEvents(aStream(), someEvents(1), anyVersion);
    expect(query.mock.calls.filter(([text]) => String(text).includes('append_event(')).length).toBe(5);
    expect(query.mock.calls.filter(([text]) => String(text).includes('pg_notify'))).toEqual([]);
  });

  test('the only connection of a pool is not taken for listening', async () => {
    const pool = new Pool({ connectionString: url, max: 1 });
    const store = new PostgresEventStore({ pool, tracing: false, metrics: false, pollIntervalMs: 10 });
    const waiting = store.waitForEvents(await store.getHeadPosition());
    await store.appendEvents(aStream(), someEvents(1), anyVersion);
    expect(await waiting).toBe(true);
    await store.close();
    await pool.end();
  });

  test('behind a pooler that lends connections by the transaction, everything works by polling', async () => {
    const pooled = { connectionString: pooledUrl, listen: false, prepare: false } as const;
    const stores = [open(pooled), open(pooled), open(pooled)];
    const reader = open(pooled);
    const streams = stores.map(() => aStream());
    const seen: string[] = [];
    const start = await reader.getHeadPosition();
    const following = (async () => {
      for (let after = start; seen.length < 60; ) {
        await reader.waitForEvents(after);
        for await (const event of reader.readAll({ after })) {
          seen.push(event.id);
          after = event.position;
        }
      }
    })();
    await Promise.all(
      stores.map(async (store, index) => {
        const stream = streams[index] ?? aStream();
        for (let version = 0; version < 20; version += 1) await store.appendEvents(stream, someEvents(1), { expectedVersion: version });
      }),
    );
    await following;
    const log = await reader.readAll({ after: start }).toArray();
    expect(disorderOf(log)).toEqual([]);
    expect(seen).toEqual(log.map(({ id }) => id));
  });
});
