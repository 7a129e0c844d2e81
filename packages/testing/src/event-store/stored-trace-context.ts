import assert from 'node:assert/strict';
import type { EventStore, EventToAppend, StoredEvent } from '@es/core';
import { contextWith, createTracing, currentTraceContext, parseTraceparent, withContext } from '@es/otel';
import { withRecorder } from '../telemetry/with-recorder.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream, readStream } from './sample-events.ts';

const caller = createTracing('caller');
const remote = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'vendor=value' };

async function appendOne(store: EventStore, fields: Partial<EventToAppend> = {}): Promise<StoredEvent> {
  const stream = aStream();
  await store.appendEvents(stream, [anEvent(fields)], anyVersion);
  const [event] = (await readStream(store, stream)) as [StoredEvent];
  return event;
}

export const storedTraceContext: readonly EventStoreCase[] = [
  {
    name: 'an event bears the trace context of the span that appended it',
    run: ({ store }) =>
      withRecorder(async (recorder) => {
        const event = await caller.span('caller', () => appendOne(store));
        const { traceId, spanId } = recorder.span('eventsource.event_store.append_events');
        assert.equal(event.traceparent, `00-${traceId}-${spanId}-01`);
        assert.equal(traceId, recorder.span('caller').traceId);
      }),
  },
  {
    name: 'the trace context is stored also when nothing is sampled, with its flags',
    run: ({ store }) =>
      withRecorder(
        async () => {
          const [traceId, event] = await caller.span('caller', async () => {
            const current = parseTraceparent(currentTraceContext()?.traceparent ?? '');
            return [current?.traceId, await appendOne(store)] as const;
          });
          const stored = parseTraceparent(event.traceparent ?? '');
          assert.deepEqual([stored?.traceId, stored?.traceFlags], [traceId, 0]);
        },
        { sampled: false },
      ),
  },
  {
    name: 'the trace state goes along with the trace context',
    run: ({ store }) =>
      withRecorder(async () => {
        const event = await withContext(contextWith(remote), () => appendOne(store));
        assert.equal(parseTraceparent(event.traceparent ?? '')?.traceId, parseTraceparent(remote.traceparent)?.traceId);
        assert.equal(event.tracestate, remote.tracestate);
      }),
  },
  {
    name: 'an event that bears a trace context already keeps it: copies point to the original',
    run: ({ store }) =>
      withRecorder(async () => {
        const event = await caller.span('caller', () => appendOne(store, remote));
        assert.deepEqual([event.traceparent, event.tracestate], [remote.traceparent, remote.tracestate]);
        const bare = await caller.span('caller', () => appendOne(store, { traceparent: remote.traceparent }));
        assert.deepEqual([bare.traceparent, bare.tracestate], [remote.traceparent, undefined]);
      }),
  },
  {
    name: 'without an SDK an event bears no trace context',
    run: async ({ store }) => {
      const event = await appendOne(store);
      assert.deepEqual(['traceparent' in event, 'tracestate' in event], [false, false]);
    },
  },
];
