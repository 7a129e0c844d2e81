import { startPrivatePostgres } from '@es-internal/services/private-postgres';
import { Client, Pool } from 'pg';
import { expect, test } from 'vitest';
import { aStream, disorderOf, someEvents } from './following.fixture.ts';
import { PostgresEventStore } from './index.ts';

const anyVersion = { expectedVersion: 'any' } as const;

test('a prepared transaction with appends holds up all other appends, and no reader, until its second phase', async () => {
  await using server = await startPrivatePostgres({ settings: { max_prepared_transactions: '2' } });
  const pool = new Pool({ connectionString: server.url });
  const client = new Client({ connectionString: server.url });
  await client.connect();
  const store = new PostgresEventStore({ pool, tracing: false, metrics: false, lockTimeoutMs: 100 });
  await store.appendEvents(aStream(), someEvents(1), anyVersion);
  const prepared = aStream();
  await client.query('BEGIN');
  await store.inTransaction(client).appendEvents(prepared, someEvents(2), anyVersion);
  await client.query("PREPARE TRANSACTION 'both'");
  await expect(store.appendEvents(aStream(), someEvents(1), anyVersion)).rejects.toMatchObject({ code: 'ES_STORAGE_BUSY' });
  expect((await store.readAll().toArray()).length).toBe(1);
  await client.query("COMMIT PREPARED 'both'");
  await store.appendEvents(aStream(), someEvents(1), anyVersion);
  const log = await store.readAll().toArray();
  expect(log.map(({ aggregateId }) => aggregateId === prepared.aggregateId)).toEqual([false, true, true, false]);
  expect(disorderOf(log)).toEqual([]);
  await client.end();
  await store.close();
  await pool.end();
});
