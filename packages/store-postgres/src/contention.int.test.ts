import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aStream, someEvents } from './following.fixture.ts';
import { PostgresCheckpointStore, PostgresEventStore } from './index.ts';

const quiet = { tracing: false, metrics: false } as const;
const anyVersion = { expectedVersion: 'any' } as const;

describeWithPostgres('transactions in each other’s way', ({ url }) => {
  const pool = new Pool({ connectionString: url });
  const store = new PostgresEventStore({ pool, ...quiet });
  const [one, other] = [new Client({ connectionString: url }), new Client({ connectionString: url })];
  beforeAll(async () => {
    await store.getHeadPosition();
    await Promise.all([one.connect(), other.connect()]);
  });
  afterAll(async () => {
    await Promise.all([store.close(), one.end(), other.end()]);
    await pool.end();
  });

  test('a deadlock of two that append to the same streams ends one of them, with a code and advice', async () => {
    const [left, right] = [aStream(), aStream()];
    await Promise.all([one.query('BEGIN'), other.query('BEGIN')]);
    await store.inTransaction(one).appendEvents(left, someEvents(1), anyVersion);
    await store.inTransaction(other).appendEvents(right, someEvents(1), anyVersion);
    const outcomes = await Promise.allSettled([
      store.inTransaction(one).appendEvents(right, someEvents(1), anyVersion),
      store.inTransaction(other).appendEvents(left, someEvents(1), anyVersion),
    ]);
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(failed).toMatchObject([
      { reason: { code: 'ES_STORAGE_BUSY', message: expect.stringContaining('(40P01)'), cause: expect.any(Error) } },
    ]);
    await Promise.all([one.query('ROLLBACK'), other.query('ROLLBACK')]);
    expect(await store.getEvents(left).toArray()).toEqual([]);
    expect(await store.getEvents(right).toArray()).toEqual([]);
  });

  test('of appends that go together, one whose id stands elsewhere fails alone, whatever it expects', async () => {
    const [taken] = someEvents(1);
    if (taken === undefined) throw new Error('someEvents(1) makes one event.');
    await store.appendEvents(aStream(), [taken], anyVersion);
    for (const expectedVersion of [0, 'any'] as const) {
      // The first goes at once, the others wait for it and go together.
      const streams = Array.from({ length: 4 }, () => aStream());
      const outcomes = await Promise.allSettled(
        streams.map((stream, index) =>
          store.appendEvents(stream, index === 2 ? [...someEvents(1), taken] : someEvents(2), { expectedVersion }),
        ),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
      expect(outcomes[2]).toMatchObject({ reason: { code: 'ES_EVENT_ID_CONFLICT' } });
      const lengths = await Promise.all(streams.map(async (stream) => (await store.getEvents(stream).toArray()).length));
      expect(lengths).toEqual([2, 2, 0, 2]);
    }
  });

  test('where a database makes transactions repeatable by default, a serialization failure says so', async () => {
    const strict = new Pool({
      connectionString: url,
      options: '-c default_transaction_isolation=serializable',
      application_name: 'strict',
    });
    const checkpoints = new PostgresCheckpointStore({ pool: strict });
    await checkpoints.save('mails', 1n);
    await one.query('BEGIN');
    await one.query("UPDATE es.checkpoints SET position = 2 WHERE subscription = 'mails'");
    const [saved] = await Promise.allSettled([
      checkpoints.save('mails', 3n),
      (async () => {
        const waiting = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'strict' AND wait_event_type = 'Lock'";
        await expect.poll(async () => (await other.query(waiting)).rowCount, { timeout: 10_000 }).toBe(1);
        await one.query('COMMIT');
      })(),
    ]);
    expect(saved).toMatchObject({ reason: { code: 'ES_STORAGE_BUSY', message: expect.stringContaining('(40001)') } });
    expect(await checkpoints.load('mails')).toBe(2n);
    await checkpoints.close();
    await strict.end();
  });
});
