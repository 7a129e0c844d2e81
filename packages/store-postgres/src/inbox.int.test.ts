import { uuidV7 } from '@es/core';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aStream, someEvents } from './following.fixture.ts';
import { PostgresEventStore, PostgresInbox } from './index.ts';

const quiet = { tracing: false, metrics: false } as const;

// What every inbox does is in the conformance suite.
describeWithPostgres('the inbox', ({ url }) => {
  const pool = new Pool({ connectionString: url, max: 4 });
  const inbox = new PostgresInbox({ pool });
  const store = new PostgresEventStore({ pool, ...quiet });
  beforeAll(async () => {
    await pool.query('CREATE TABLE mails (recipient text PRIMARY KEY)');
  });
  afterAll(async () => {
    await Promise.all([inbox.close(), store.close()]);
    await pool.end();
  });

  test('lets work append events and write to tables, all of it or nothing', async () => {
    const [id, stream] = [uuidV7(), aStream()];
    const deliver = (mayFail: boolean): Promise<string> =>
      inbox.once(id, 'mailer', async (transaction) => {
        await store.inTransaction(transaction).appendEvents(stream, someEvents(1), { expectedVersion: 'no-stream' });
        await transaction.query('INSERT INTO mails VALUES ($1)', [stream.aggregateId]);
        if (mayFail) await transaction.query('INSERT INTO mails VALUES ($1)', [stream.aggregateId]);
      });
    const isThere = async (): Promise<readonly [number, number | null]> => [
      (await store.getEvents(stream).toArray()).length,
      (await pool.query('SELECT FROM mails WHERE recipient = $1', [stream.aggregateId])).rowCount,
    ];
    // The work's own error, as the driver has it.
    await expect(deliver(true)).rejects.toMatchObject({ code: '23505', table: 'mails' });
    expect(await isThere()).toEqual([0, 0]);
    expect([await deliver(false), await deliver(true)]).toEqual(['handled', 'duplicate']);
    expect(await isThere()).toEqual([1, 1]);
  });

  test('does not take an event for handled whose work kept a failed statement to itself', async () => {
    const id = uuidV7();
    const careless = inbox.once(id, 'mailer', (transaction) => transaction.query('SELECT 1 / 0').catch(() => undefined));
    await expect(careless).rejects.toMatchObject({ code: 'ES_STORAGE_FAILURE', message: expect.stringContaining('its error was caught') });
    expect(await inbox.once(id, 'mailer', () => undefined)).toBe('handled');
  });

  test('bears that its connection is lost while the work is busy elsewhere, and handles the event when it comes again', async () => {
    const id = uuidV7();
    const lost = inbox.once(id, 'mailer', async (transaction) => {
      const [backend] = (await transaction.query('SELECT pg_backend_pid() AS pid')).rows;
      await pool.query('SELECT pg_terminate_backend($1)', [backend?.['pid']]);
      await expect.poll(async () => (await pool.query('SELECT FROM pg_stat_activity WHERE pid = $1', [backend?.['pid']])).rowCount).toBe(0);
    });
    await expect(lost).rejects.toMatchObject({
      code: 'ES_STORAGE_UNAVAILABLE',
      message: expect.stringMatching(/^PostgresInbox.once failed on \w+ at /),
    });
    expect(await inbox.once(id, 'mailer', () => undefined)).toBe('handled');
  });

  test('gives its connections back, as they were', async () => {
    await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) =>
        inbox.once(uuidV7(), 'mailer', () => {
          if (index % 2 === 0) throw new Error('no stamps');
        }),
      ),
    );
    expect(pool.idleCount).toBe(pool.totalCount);
    const clients = await Promise.all(Array.from({ length: 4 }, () => pool.connect()));
    for (const client of clients) {
      const { rows } = await client.query('SELECT pg_current_xact_id_if_assigned() AS id, now() = statement_timestamp() AS is_alone');
      expect(rows).toEqual([{ id: null, is_alone: true }]);
      expect(client.listenerCount('error')).toBe(0);
      client.release();
    }
  });
});
