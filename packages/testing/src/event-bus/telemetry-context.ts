import assert from 'node:assert/strict';
import { ALL_EVENTS } from '@es/core';
import { activeContext, currentTraceContext, parseTraceparent, withContext } from '@es/otel';
import { propagation } from '@opentelemetry/api';
import { withRecorder } from '../telemetry/with-recorder.ts';
import type { EventBusCase } from './bus-case.ts';
import { busEvent, busEvents, interleavedEvents, turn } from './bus-events.ts';
import { app, parentPlace, place, runTraced, spanNames } from './traced-run.ts';

export const telemetryContext: readonly EventBusCase[] = [
  {
    name: 'the trace of an event leads from the caller through producer and consumer to the handler and what that does',
    run: (setting) =>
      withRecorder(async (recorder) => {
        const { publish, process, dispatch, handle } = spanNames(setting);
        await app.span('request', () => runTraced(setting, [busEvent()], () => app.span('work', () => turn())));
        const lines = ['request', `${publish} PRODUCER`, `${process} CONSUMER`, dispatch, handle, 'work'];
        assert.equal(recorder.treeText(), lines.map((line, depth) => '  '.repeat(depth) + line).join('\n'));
      }),
  },
  {
    name: 'the trace of an event begins with the producer where there is no span around it',
    run: (setting) =>
      withRecorder(async (recorder) => {
        await runTraced(setting, [busEvent()]);
        const { publish, process } = spanNames(setting);
        assert.equal(recorder.span(publish).parentSpanId, undefined);
        assert.deepEqual(parentPlace(recorder.span(process)), place(recorder.span(publish)));
      }),
  },
  {
    name: 'every message of a batch carries the context of the producer span',
    run: (setting) =>
      withRecorder(async (recorder) => {
        await runTraced(setting, interleavedEvents(4, 5));
        const { publish, process } = spanNames(setting);
        const parents = recorder.spans(process).map(parentPlace);
        assert.deepEqual(parents, Array(20).fill(place(recorder.span(publish))));
      }),
  },
  {
    name: 'contexts are handed on also when nothing is sampled, with that flag',
    run: (setting) =>
      withRecorder(
        async (recorder) => {
          const inHandlers: (string | undefined)[] = [];
          const around = await app.span('request', async () => {
            await runTraced(setting, interleavedEvents(2, 2), () => inHandlers.push(currentTraceContext()?.traceparent));
            return currentTraceContext()?.traceparent;
          });
          const { traceId } = parseTraceparent(around ?? '') ?? {};
          assert.ok(traceId !== undefined);
          const contexts = inHandlers.map((traceparent) => parseTraceparent(traceparent ?? ''));
          assert.deepEqual(
            contexts.map((context) => [context?.traceId, context?.traceFlags]),
            Array(4).fill([traceId, 0]),
          );
          assert.deepEqual(recorder.spans(), []);
        },
        { sampled: false },
      ),
  },
  {
    name: 'the context that travels is that of the producer span, with its flags',
    needs: 'consumerGroups',
    run: async (setting) => {
      for (const sampled of [true, false]) {
        await withRecorder(
          async (recorder) => {
            const [publisher, consumer] = [await setting.open(), await setting.open({ tracing: false })];
            const seen: (string | undefined)[] = [];
            consumer.subscribe(ALL_EVENTS, () => seen.push(currentTraceContext()?.traceparent), { name: 'h' });
            await consumer.startConsuming();
            await publisher.publish(busEvents(2));
            await setting.until(() => seen.length === 2, 'both events are handled');
            await Promise.all([publisher.stop(), consumer.stop()]);
            const [producer] = recorder.spans();
            if (producer !== undefined) assert.equal(seen[0], `00-${producer.traceId}-${producer.spanId}-01`);
            assert.equal(seen[1], seen[0]);
            assert.match(seen[0] ?? '', sampled ? /-01$/ : /-00$/);
          },
          { sampled },
        );
      }
    },
  },
  {
    name: 'the span of a handler is current in it, after every await too',
    run: (setting) =>
      withRecorder(async (recorder) => {
        const seen: (string | undefined)[] = [];
        await runTraced(setting, [busEvent()], async () => {
          for (let i = 0; i < 3; i += 1) {
            seen.push(currentTraceContext()?.traceparent);
            await turn();
          }
        });
        const { traceId, spanId } = recorder.span(spanNames(setting).handle);
        assert.deepEqual(seen, Array(3).fill(`00-${traceId}-${spanId}-01`));
      }),
  },
  {
    name: 'nothing of the span in which consuming was started gets into messages, nor of one that publishes meanwhile',
    run: (setting) =>
      withRecorder(async (recorder) => {
        const [bus, got] = [await setting.open(), setting.received()];
        bus.subscribe(
          ALL_EVENTS,
          (event, { attempt }) => {
            if (attempt === 1) throw new Error('again');
            got.handler(event);
          },
          { name: 'h' },
        );
        await app.span('start-up', () => bus.startConsuming());
        const events = [busEvent(), busEvent(), busEvent()];
        await app.span('first request', () => bus.publish(events.slice(0, 1)));
        await bus.publish(events.slice(1, 2));
        await app.span('other request', () => bus.publish(events.slice(2)));
        await got.has(events);
        await bus.stop();
        const { publish, process } = spanNames(setting);
        assert.deepEqual(recorder.children(recorder.span('start-up')), []);
        const publishes = recorder.spans(publish);
        assert.deepEqual(
          publishes.map(({ parentSpanId }) => parentSpanId),
          [recorder.span('first request').spanId, undefined, recorder.span('other request').spanId],
        );
        const expected = publishes.flatMap((span) => [place(span), place(span)]);
        const actual = recorder.spans(process).map(parentPlace);
        const byId = (one: { spanId: string | undefined }, other: { spanId: string | undefined }) =>
          (one.spanId ?? '') < (other.spanId ?? '') ? -1 : 1;
        assert.deepEqual(actual.sort(byId), expected.sort(byId));
      }),
  },
  {
    name: 'baggage travels, whether consumer spans are children or linked',
    run: (setting) =>
      withRecorder(async () => {
        const baggage = propagation.createBaggage({ user: { value: 'anna' } });
        for (const consumerSpans of ['children', 'linked'] as const) {
          const seen: (string | undefined)[] = [];
          const note = (): unknown => seen.push(propagation.getActiveBaggage()?.getEntry('user')?.value);
          await withContext(propagation.setBaggage(activeContext(), baggage), () =>
            runTraced(setting, [busEvent()], note, { consumerSpans }),
          );
          assert.deepEqual(seen, ['anna'], consumerSpans);
        }
      }),
  },
  {
    name: 'with tracing switched off the trace of the caller still reaches the handler',
    run: (setting) =>
      withRecorder(async (recorder) => {
        await app.span('request', () => runTraced(setting, busEvents(2), () => app.span('work', () => undefined), { tracing: false }));
        assert.equal(recorder.treeText(), 'request\n  work\n  work');
        assert.ok((await recorder.metrics()).length > 0);
      }),
  },
];
