import assert from 'node:assert/strict';
import { createTracing, currentTraceContext } from '@es/otel';
import { withRecorder } from '../telemetry/with-recorder.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { newStream, readStream } from './sample-events.ts';

const caller = createTracing('caller');

export const telemetrySwitches: readonly EventStoreCase[] = [
  {
    name: 'an SDK that is registered after the store was opened, and another one after that, get its spans and metrics',
    run: async ({ store }) => {
      for (let round = 0; round < 2; round += 1) {
        await withRecorder(async (recorder) => {
          await newStream(store, 1);
          assert.equal(recorder.spans('eventsource.event_store.append_events').length, 1);
          assert.equal(await recorder.total('eventsource.events.appended'), 1);
        });
        await newStream(store, 1);
      }
    },
  },
  {
    name: 'with tracing switched off there are metrics but no spans, and the context is the caller’s',
    run: ({ open }) =>
      withRecorder(async (recorder) => {
        const store = await open({ tracing: false });
        const contexts = await caller.span('caller', async () => {
          const stream = await newStream(store, 1);
          const own = currentTraceContext()?.traceparent;
          return [own, ...(await readStream(store, stream)).map((event) => event.traceparent)];
        });
        assert.equal(recorder.treeText(), 'caller');
        assert.equal(contexts[1], contexts[0]);
        assert.equal(await recorder.total('eventsource.events.appended'), 1);
      }),
  },
  {
    name: 'with metrics switched off there are spans but no metrics',
    run: ({ open }) =>
      withRecorder(async (recorder) => {
        const store = await open({ metrics: false });
        await readStream(store, await newStream(store, 1));
        assert.equal(recorder.spans().length, 2);
        assert.deepEqual(await recorder.metrics(), []);
      }),
  },
];
