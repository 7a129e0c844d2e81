import { createTelemetryRecorder, type TelemetryRecorder } from '@es/testing';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { Client, Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { aStream, someEvents } from './following.fixture.ts';
import { PostgresEventStore } from './index.ts';

const anyVersion = { expectedVersion: 'any' } as const;

describeWithPostgres('appends that wait', ({ url }) => {
  const pool = new Pool({ connectionString: url });
  const patient = new PostgresEventStore({ pool });
  const hasty = new PostgresEventStore({ pool, lockTimeoutMs: 100 });
  const [holder, other] = [new Client({ connectionString: url }), new Client({ connectionString: url })];
  let recorder: TelemetryRecorder;
  beforeAll(async () => {
    await patient.getHeadPosition();
    await Promise.all([holder.connect(), other.connect()]);
  });
  afterAll(async () => {
    await Promise.all([patient.close(), hasty.close(), holder.end(), other.end()]);
    await pool.end();
  });
  beforeEach(() => {
    recorder = createTelemetryRecorder();
  });
  afterEach(() => recorder.stop());

  /** What was recorded of waits: how many, with which attributes. Two stores that ask again and again may meet at the log too. */
  const waitsFor = async (what: 'stream' | 'log'): Promise<unknown[]> => {
    const { kind, unit, points } = await recorder.metric('eventsource.append.wait_time', '@es/store-postgres');
    expect([kind, unit]).toEqual(['histogram', 's']);
    for (const { value } of points) expect(value).toBeGreaterThan(0);
    const found = points.filter(({ attributes }) => attributes['eventsource.append.waited_for'] === what);
    return found.map(({ attributes, distribution }) => [distribution?.count, attributes]);
  };
  const untilLocked = (): Promise<void> =>
    expect
      .poll(async () => {
        const locked = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'";
        return (await holder.query(locked)).rowCount;
      })
      .toBe(1);

  test('for a stream that an open transaction has appended to show that, and for how long', async () => {
    const stream = aStream('Held');
    await holder.query('BEGIN');
    await patient.inTransaction(holder).appendEvents(stream, someEvents(1), anyVersion);
    const waiting = patient.appendEvents(stream, someEvents(1), anyVersion);
    // One that goes its way behind it: by then it has been turned away.
    await patient.appendEvents(aStream('Free'), someEvents(1), anyVersion);
    await expect(hasty.appendEvents(stream, someEvents(1), anyVersion)).rejects.toMatchObject({ code: 'ES_STORAGE_BUSY' });
    await holder.query('COMMIT');
    await waiting;
    const attributes = { 'eventsource.append.waited_for': 'stream', 'eventsource.aggregate.type': 'Held' };
    expect(await waitsFor('stream')).toEqual([
      [1, { ...attributes, 'error.type': 'ES_STORAGE_BUSY' }],
      [1, attributes],
    ]);
  });

  test('for a stream in a transaction of the caller show it too', async () => {
    const stream = aStream('Held');
    await holder.query('BEGIN');
    await patient.inTransaction(holder).appendEvents(stream, someEvents(1), anyVersion);
    await other.query('BEGIN');
    await expect(hasty.inTransaction(other).appendEvents(stream, someEvents(1), anyVersion)).rejects.toMatchObject({
      code: 'ES_STORAGE_BUSY',
    });
    const waiting = patient.inTransaction(other).appendEvents(stream, someEvents(1), anyVersion);
    await untilLocked();
    await holder.query('COMMIT');
    expect(await waiting).toEqual({ version: 2, position: 0n });
    await other.query('COMMIT');
    const attributes = { 'eventsource.append.waited_for': 'stream', 'eventsource.aggregate.type': 'Held' };
    expect(await waitsFor('stream')).toEqual([
      [1, { ...attributes, 'error.type': 'ES_STORAGE_BUSY' }],
      [1, attributes],
    ]);
  });

  test('for the log, which a transaction holds that is committing, show that', async () => {
    await holder.query('BEGIN');
    await patient.inTransaction(holder).appendEvents(aStream(), someEvents(1), anyVersion);
    // What its commit begins with.
    await holder.query('SET CONSTRAINTS es.number_pending_events IMMEDIATE');
    await expect(hasty.appendEvents(aStream('Free'), someEvents(1), anyVersion)).rejects.toMatchObject({ code: 'ES_STORAGE_BUSY' });
    const waiting = patient.appendEvents(aStream('Free'), someEvents(1), anyVersion);
    await untilLocked();
    await holder.query('COMMIT');
    await waiting;
    const attributes = { 'eventsource.append.waited_for': 'log', 'eventsource.aggregate.type': 'Free' };
    expect(await waitsFor('log')).toEqual([
      [1, { ...attributes, 'error.type': 'ES_STORAGE_BUSY' }],
      [1, attributes],
    ]);
  });

  test('are all that is recorded: those that go at once are not', async () => {
    await patient.appendEvents(aStream(), someEvents(2), anyVersion);
    await holder.query('BEGIN');
    await patient.inTransaction(holder).appendEvents(aStream(), someEvents(1), anyVersion);
    await holder.query('COMMIT');
    expect((await recorder.metrics()).map(({ name }) => name)).not.toContain('eventsource.append.wait_time');
  });
});
