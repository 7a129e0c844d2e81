import assert from 'node:assert/strict';
import {
  ATTR_AGGREGATE_ID,
  ATTR_AGGREGATE_TYPE,
  ATTR_EVENT_COUNT,
  ATTR_EVENT_TYPE,
  ATTR_EVENT_TYPES,
  ATTR_EXPECTED_VERSION,
  ATTR_POSITION,
  ATTR_TENANT_ID,
  ATTR_VERSION,
  createTracing,
} from '@es/otel';
import { rejectsWith } from '../conformance/expectations.ts';
import { spanCarries, spanFailed, spanSucceeded } from '../conformance/span-expectations.ts';
import { withRecorder } from '../telemetry/with-recorder.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream, newStream, readStream, someEvents } from './sample-events.ts';

const append = 'eventsource.event_store.append_events';
const caller = createTracing('caller');

export const telemetrySpans: readonly EventStoreCase[] = [
  {
    name: 'an append has one span, under the span of the caller, with what was appended and where it ended up',
    run: ({ store, telemetry }) =>
      withRecorder(async (recorder) => {
        const stream = aStream();
        const events = someEvents(2, { tenantId: 'acme' });
        const { position } = await caller.span('caller', () => store.appendEvents(stream, events, { expectedVersion: 'no-stream' }));
        assert.equal(recorder.treeText().split('\n').length, 2);
        const [span, ...others] = recorder.children(recorder.span('caller'));
        assert.ok(span !== undefined && others.length === 0 && span.name === append);
        spanSucceeded(span);
        spanCarries(span, telemetry, 'append_events', {
          [ATTR_AGGREGATE_TYPE]: stream.aggregateType,
          [ATTR_AGGREGATE_ID]: stream.aggregateId,
          [ATTR_EVENT_COUNT]: 2,
          [ATTR_EVENT_TYPE]: 'Happened',
          [ATTR_EVENT_TYPES]: undefined,
          [ATTR_EXPECTED_VERSION]: 'no-stream',
          [ATTR_VERSION]: 2,
          [ATTR_POSITION]: String(position),
          [ATTR_TENANT_ID]: 'acme',
        });
      }),
  },
  {
    name: 'the span of an append of several types names them sorted, under another key, and a version as text',
    run: ({ store, telemetry }) =>
      withRecorder(async (recorder) => {
        const events = ['Renamed', 'Opened', 'Renamed'].map((type) => anEvent({ type }));
        await store.appendEvents(aStream(), events, { expectedVersion: 0 });
        spanCarries(recorder.span(append), telemetry, 'append_events', {
          [ATTR_EVENT_TYPE]: undefined,
          [ATTR_EVENT_TYPES]: ['Opened', 'Renamed'],
          [ATTR_EXPECTED_VERSION]: '0',
          [ATTR_TENANT_ID]: undefined,
        });
      }),
  },
  {
    name: 'a conflict, an id clash and a bad event each end the span of the append with their error',
    run: ({ store }) =>
      withRecorder(async (recorder) => {
        const stream = await newStream(store, 1);
        const event = anEvent();
        await store.appendEvents(aStream(), [event], anyVersion);
        await rejectsWith('ES_CONCURRENCY', store.appendEvents(stream, someEvents(1), { expectedVersion: 5 }));
        await rejectsWith('ES_EVENT_ID_CONFLICT', store.appendEvents(stream, [event], anyVersion));
        await rejectsWith('ES_INVALID_EVENT_DATA', store.appendEvents(stream, [anEvent({ data: { bad: Number.NaN } })], anyVersion));
        const failures = ['ES_CONCURRENCY', 'ES_EVENT_ID_CONFLICT', 'ES_INVALID_EVENT_DATA'];
        for (const [index, span] of recorder.spans(append).slice(2).entries()) spanFailed(span, failures[index] ?? '');
        assert.equal(recorder.spans(append).length, 5);
      }),
  },
  {
    name: 'a repeated append is no failure',
    run: ({ store }) =>
      withRecorder(async (recorder) => {
        const [stream, events] = [aStream(), someEvents(1)];
        for (let attempt = 0; attempt < 2; attempt += 1) await store.appendEvents(stream, events, { expectedVersion: 0 });
        for (const span of recorder.spans(append)) spanSucceeded(span);
        assert.deepEqual(
          recorder.spans(append).map((span) => span.attributes[ATTR_VERSION]),
          [1, 1],
        );
      }),
  },
  {
    name: 'a read of a stream has one span, with how many events it read',
    run: ({ store, telemetry }) =>
      withRecorder(async (recorder) => {
        const stream = await newStream(store, 1_300);
        await recorder.reset();
        await caller.span('caller', () => readStream(store, stream));
        assert.equal(recorder.spans().length, 2);
        const [span] = recorder.children(recorder.span('caller'));
        assert.equal(span?.name, 'eventsource.event_store.get_events');
        spanSucceeded(span);
        spanCarries(span, telemetry, 'get_events', {
          [ATTR_AGGREGATE_TYPE]: stream.aggregateType,
          [ATTR_AGGREGATE_ID]: stream.aggregateId,
          [ATTR_EVENT_COUNT]: 1_300,
        });
      }),
  },
  {
    name: 'a read of the log has one span, with its filters and how many events it read',
    run: ({ store, telemetry }) =>
      withRecorder(async (recorder) => {
        await store.appendEvents(aStream(), someEvents(5, { tenantId: 'acme' }), anyVersion);
        await newStream(store, 2);
        await recorder.reset();
        await store.readAll({ types: ['Happened'], tenantId: 'acme' }).toArray();
        const span = recorder.span('eventsource.event_store.read_all');
        spanSucceeded(span);
        spanCarries(span, telemetry, 'read_all', { [ATTR_EVENT_TYPE]: 'Happened', [ATTR_TENANT_ID]: 'acme', [ATTR_EVENT_COUNT]: 5 });
        await store.readAll({ types: ['B', 'A'] }).toArray();
        spanCarries(recorder.spans('eventsource.event_store.read_all')[1] ?? span, telemetry, 'read_all', {
          [ATTR_EVENT_TYPE]: undefined,
          [ATTR_EVENT_TYPES]: ['A', 'B'],
          [ATTR_TENANT_ID]: undefined,
          [ATTR_EVENT_COUNT]: 0,
        });
      }),
  },
  {
    name: 'an abandoned read ends its span once, without an error',
    run: ({ store }) =>
      withRecorder(async (recorder) => {
        const stream = await newStream(store, 2_000);
        await recorder.reset();
        for await (const event of store.getEvents(stream)) if (event.version === 2) break;
        await store.readAll().first();
        assert.deepEqual(
          recorder.treeText({}).replaceAll(/ (CLIENT|INTERNAL)/g, ''),
          'eventsource.event_store.get_events\neventsource.event_store.read_all',
        );
        for (const span of recorder.spans()) spanSucceeded(span);
      }),
  },
  {
    name: 'a read that fails ends its span with the error',
    run: ({ store }) =>
      withRecorder(async (recorder) => {
        const stream = await newStream(store, 1);
        await recorder.reset();
        await rejectsWith('ES_UNKNOWN_EVENT_TYPE', store.getEvents(stream, { events: [] }).toArray());
        await rejectsWith('ES_ABORTED', store.readAll({ signal: AbortSignal.abort() }).toArray());
        spanFailed(recorder.span('eventsource.event_store.get_events'), 'ES_UNKNOWN_EVENT_TYPE');
        spanFailed(recorder.span('eventsource.event_store.read_all'), 'AbortError');
      }),
  },
  {
    name: 'what the caller does between two events of a read is not inside the span of the read',
    run: ({ store }) =>
      withRecorder(async (recorder) => {
        const stream = await newStream(store, 1_100);
        await recorder.reset();
        await caller.span('caller', async () => {
          for await (const event of store.getEvents(stream)) {
            if (event.version % 500 === 1) caller.span('inside the loop', () => undefined);
          }
        });
        const names = recorder.children(recorder.span('caller')).map((span) => span.name);
        assert.deepEqual(names, ['eventsource.event_store.get_events', ...Array.from({ length: 3 }, () => 'inside the loop')]);
      }),
  },
  {
    name: 'every iteration of a read has a span of its own',
    run: ({ store }) =>
      withRecorder(async (recorder) => {
        const events = store.getEvents(await newStream(store, 1));
        await recorder.reset();
        await events.toArray();
        await events.toArray();
        assert.equal(recorder.spans('eventsource.event_store.get_events').length, 2);
      }),
  },
];
