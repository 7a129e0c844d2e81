import assert from 'node:assert/strict';
import { ATTR_AGGREGATE_ID, ATTR_AGGREGATE_TYPE, ATTR_VERSION, createTracing } from '@es/otel';
import { rejectsWith } from '../conformance/expectations.ts';
import { metricsAreFreeOf, operationWasTimed, spanCarries, spanFailed, spanSucceeded } from '../conformance/span-expectations.ts';
import { withRecorder } from '../telemetry/with-recorder.ts';
import { anAggregate, aSnapshot } from './sample-snapshots.ts';
import type { SnapshotStoreCase } from './snapshot-store-case.ts';

const caller = createTracing('caller');
const operations = ['save', 'get', 'exists', 'delete'] as const;

export const snapshotTelemetry: readonly SnapshotStoreCase[] = [
  {
    name: 'every operation has one span, under the span of the caller, that names the aggregate',
    run: ({ store, telemetry }) =>
      withRecorder(async (recorder) => {
        const snapshot = aSnapshot(anAggregate(), { version: 7 });
        await caller.span('caller', async () => {
          await store.save(snapshot);
          await store.get(snapshot);
          await store.exists(snapshot);
          await store.delete(snapshot);
        });
        const spans = recorder.children(recorder.span('caller'));
        assert.deepEqual(
          spans.map((span) => span.name),
          operations.map((operation) => `eventsource.snapshot.${operation}`),
        );
        for (const [index, span] of spans.entries()) {
          spanSucceeded(span);
          spanCarries(span, telemetry, `snapshot_${operations[index]}`, {
            [ATTR_AGGREGATE_TYPE]: snapshot.aggregateType,
            [ATTR_AGGREGATE_ID]: snapshot.aggregateId,
            [ATTR_VERSION]: index < 2 ? 7 : undefined,
          });
          await operationWasTimed(recorder, telemetry, `snapshot_${operations[index]}`, 1);
        }
        metricsAreFreeOf(await recorder.metrics(), [snapshot.aggregateId]);
      }),
  },
  {
    name: 'a snapshot that is not there is no failure',
    run: ({ store }) =>
      withRecorder(async (recorder) => {
        await store.get(anAggregate());
        spanSucceeded(recorder.span('eventsource.snapshot.get'));
      }),
  },
  {
    name: 'a failure ends the span with its error, and is measured with the same error type',
    run: ({ store, telemetry }) =>
      withRecorder(async (recorder) => {
        await rejectsWith('ES_INVALID_ARGUMENT', store.save(aSnapshot(anAggregate(), { version: 0 })));
        spanFailed(recorder.span('eventsource.snapshot.save'), 'ES_INVALID_ARGUMENT');
        await operationWasTimed(recorder, telemetry, 'snapshot_save', 1, 'ES_INVALID_ARGUMENT');
      }),
  },
  {
    name: 'tracing and metrics can be switched off',
    run: ({ open }) =>
      withRecorder(async (recorder) => {
        const store = await open({ tracing: false, metrics: false });
        await store.save(aSnapshot(anAggregate()));
        assert.deepEqual([recorder.spans(), await recorder.metrics()], [[], []]);
      }),
  },
];
