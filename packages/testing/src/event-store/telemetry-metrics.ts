import assert from 'node:assert/strict';
import { ATTR_AGGREGATE_TYPE, METRIC_APPEND_CONFLICTS, METRIC_EVENTS_APPENDED } from '@es/otel';
import { rejectsWith } from '../conformance/expectations.ts';
import { metricsAreFreeOf, operationWasTimed } from '../conformance/span-expectations.ts';
import { withRecorder } from '../telemetry/with-recorder.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anyVersion, aStream, idsOf, newStream, readStream, someEvents } from './sample-events.ts';

export const telemetryMetrics: readonly EventStoreCase[] = [
  {
    name: 'counts appended events by aggregate type; repeated, empty and failed appends do not count',
    run: ({ store, telemetry }) =>
      withRecorder(async (recorder) => {
        const stream = aStream('Task');
        const events = someEvents(3);
        for (let attempt = 0; attempt < 2; attempt += 1) await store.appendEvents(stream, events, { expectedVersion: 'no-stream' });
        await store.appendEvents(aStream('Order'), someEvents(2), anyVersion);
        await store.appendEvents(stream, [], anyVersion);
        await rejectsWith('ES_CONCURRENCY', store.appendEvents(stream, someEvents(1), { expectedVersion: 0 }));
        const metric = await recorder.metric(METRIC_EVENTS_APPENDED.name, telemetry.scope);
        assert.deepEqual([metric.kind, metric.unit], ['counter', '{event}']);
        assert.equal(await recorder.total(METRIC_EVENTS_APPENDED.name), 5);
        assert.equal(await recorder.total(METRIC_EVENTS_APPENDED.name, { [ATTR_AGGREGATE_TYPE]: 'Task' }), 3);
      }),
  },
  {
    name: 'counts conflicts by aggregate type',
    run: ({ store, telemetry }) =>
      withRecorder(async (recorder) => {
        const stream = await newStream(store, 1, aStream('Task'));
        for (const expectedVersion of [0, 7, 'no-stream'] as const) {
          await rejectsWith('ES_CONCURRENCY', store.appendEvents(stream, someEvents(1), { expectedVersion }));
        }
        await rejectsWith('ES_CONCURRENCY', store.appendEvents(aStream('Order'), [], { expectedVersion: 1 }));
        const metric = await recorder.metric(METRIC_APPEND_CONFLICTS.name, telemetry.scope);
        assert.deepEqual([metric.kind, metric.unit], ['counter', '{conflict}']);
        assert.equal(await recorder.total(METRIC_APPEND_CONFLICTS.name, { [ATTR_AGGREGATE_TYPE]: 'Task' }), 3);
        assert.equal(await recorder.total(METRIC_APPEND_CONFLICTS.name), 4);
      }),
  },
  {
    name: 'measures every operation of a database in seconds, failures with the error type that the span has',
    run: ({ store, telemetry }) =>
      withRecorder(async (recorder) => {
        const stream = await newStream(store, 2);
        await rejectsWith('ES_CONCURRENCY', store.appendEvents(stream, someEvents(1), { expectedVersion: 0 }));
        await readStream(store, stream);
        await store.getEvents(stream).first();
        await store.readAll().toArray();
        await rejectsWith('ES_UNKNOWN_EVENT_TYPE', store.readAll({ events: [] }).toArray());
        await operationWasTimed(recorder, telemetry, 'append_events', 1);
        await operationWasTimed(recorder, telemetry, 'append_events', 1, 'ES_CONCURRENCY');
        await operationWasTimed(recorder, telemetry, 'get_events', 2);
        await operationWasTimed(recorder, telemetry, 'read_all', 1);
        await operationWasTimed(recorder, telemetry, 'read_all', 1, 'ES_UNKNOWN_EVENT_TYPE');
      }),
  },
  {
    name: 'metrics carry no ids',
    run: ({ store }) =>
      withRecorder(async (recorder) => {
        const stream = aStream();
        const events = someEvents(2, { tenantId: 'acme', actorId: 'actor', correlationId: 'correlation' });
        await store.appendEvents(stream, events, anyVersion);
        await rejectsWith('ES_CONCURRENCY', store.appendEvents(stream, someEvents(1), { expectedVersion: 0 }));
        await store.readAll({ tenantId: 'acme' }).toArray();
        const metrics = await recorder.metrics();
        assert.ok(metrics.length > 0);
        metricsAreFreeOf(metrics, [stream.aggregateId, ...idsOf(events), 'acme', 'actor', 'correlation']);
      }),
  },
];
