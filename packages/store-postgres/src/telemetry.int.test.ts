import { createTelemetryRecorder } from '@es/testing';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { Client, Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { aStream, someEvents } from './following.fixture.ts';
import { PostgresEventStore, PostgresSnapshotStore } from './index.ts';

describeWithPostgres('telemetry', ({ url }) => {
  test('a failed span bears the SQLSTATE', async () => {
    using recorder = createTelemetryRecorder();
    const pool = new Pool({ connectionString: url, statement_timeout: 300 });
    const store = new PostgresEventStore({ pool });
    const snapshots = new PostgresSnapshotStore({ pool });
    await store.getHeadPosition();
    await snapshots.exists(aStream());
    const holder = new Client({ connectionString: url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE es.events, es.snapshots');
    const refused = { code: 'ES_STORAGE_BUSY' };
    await expect(store.appendEvents(aStream(), someEvents(1), { expectedVersion: 'any' })).rejects.toMatchObject(refused);
    await expect(store.readAll().toArray()).rejects.toMatchObject(refused);
    await expect(store.getEvents(aStream()).toArray()).rejects.toMatchObject(refused);
    await expect(snapshots.get(aStream())).rejects.toMatchObject(refused);
    await holder.query('ROLLBACK');
    for (const [name, summary] of [
      ['eventsource.event_store.append_events', 'append_events events'],
      ['eventsource.event_store.read_all', 'read_all events'],
      ['eventsource.event_store.get_events', 'get_events events'],
      ['eventsource.snapshot.get', 'snapshot_get snapshots'],
    ] as const) {
      expect(recorder.span(name)).toMatchObject({
        kind: 'CLIENT',
        attributes: { 'db.response.status_code': '57014', 'error.type': 'ES_STORAGE_BUSY', 'db.query.summary': summary },
      });
    }
    expect(recorder.span('eventsource.snapshot.exists').attributes['db.response.status_code']).toBeUndefined();
    await Promise.all([store.close(), snapshots.close(), holder.end()]);
    await pool.end();
  });

  test('beside an instrumented pg the span is INTERNAL, so that no call has two CLIENT spans', async () => {
    using recorder = createTelemetryRecorder();
    // The mark that OpenTelemetry's instrumentations leave on what they wrap.
    Object.defineProperty(Client.prototype.query, '__wrapped', { value: true, configurable: true });
    onTestFinished(() => void Reflect.deleteProperty(Client.prototype.query, '__wrapped'));
    const store = new PostgresEventStore({ connectionString: url });
    await store.appendEvents(aStream(), someEvents(1), { expectedVersion: 'any' });
    expect(recorder.span('eventsource.event_store.append_events').kind).toBe('INTERNAL');
    await store.close();
  });
});
