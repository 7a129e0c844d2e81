import assert from 'node:assert/strict';
import { ALL_EVENTS } from '@es/core';
import {
  ATTR_ERROR_TYPE,
  ATTR_EVENT_TYPE,
  ATTR_HANDLER_NAME,
  ATTR_MESSAGING_DESTINATION_NAME,
  ATTR_MESSAGING_OPERATION_NAME,
  ATTR_MESSAGING_OPERATION_TYPE,
  ATTR_MESSAGING_SYSTEM,
  type Attributes,
  METRIC_CONSUMED_MESSAGES,
  METRIC_CONSUMER_LAG,
  METRIC_DEAD_LETTERS,
  METRIC_HANDLER_DURATION,
  METRIC_MESSAGING_OPERATION_DURATION,
  METRIC_PROCESS_DURATION,
  METRIC_RETRIES,
  METRIC_SENT_MESSAGES,
} from '@es/otel';
import { metricsAreFreeOf } from '../conformance/span-expectations.ts';
import type { TelemetryRecorder } from '../telemetry/telemetry-recorder.ts';
import { withRecorder } from '../telemetry/with-recorder.ts';
import type { EventBusCase, EventBusSetting } from './bus-case.ts';
import { busEvent, busEvents, gate, interleavedEvents } from './bus-events.ts';
import { failure, runInVain, runTraced, timesMeasured } from './traced-run.ts';

function sending({ telemetry, destination }: EventBusSetting): Attributes {
  return {
    ...telemetry.attributes,
    [ATTR_MESSAGING_SYSTEM]: telemetry.system,
    [ATTR_MESSAGING_DESTINATION_NAME]: destination,
    [ATTR_MESSAGING_OPERATION_NAME]: telemetry.publishOperation,
    [ATTR_MESSAGING_OPERATION_TYPE]: 'send',
  };
}

function processing({ telemetry, destination }: EventBusSetting): Attributes {
  return {
    ...telemetry.attributes,
    [ATTR_MESSAGING_SYSTEM]: telemetry.system,
    [ATTR_MESSAGING_DESTINATION_NAME]: destination,
    [ATTR_MESSAGING_OPERATION_NAME]: 'process',
    [ATTR_MESSAGING_OPERATION_TYPE]: 'process',
  };
}

/** Expects a counter to amount to this with these attributes, and to nothing more without them. */
async function counts(recorder: TelemetryRecorder, name: string, unit: string, attributes: Attributes, total: number): Promise<void> {
  const metric = await recorder.metric(name);
  assert.deepEqual([metric.kind, metric.unit], ['counter', unit], name);
  assert.deepEqual([await recorder.total(name, attributes), await recorder.total(name)], [total, total], name);
}

export const telemetryMetrics: readonly EventBusCase[] = [
  {
    name: 'counts messages that were sent and consumed',
    run: (setting) =>
      withRecorder(async (recorder) => {
        await runTraced(setting, interleavedEvents(2, 3));
        await counts(recorder, METRIC_SENT_MESSAGES.name, '{message}', sending(setting), 6);
        await counts(recorder, METRIC_CONSUMED_MESSAGES.name, '{message}', processing(setting), 6);
      }),
  },
  {
    name: 'measures publishing, processing and handlers in seconds',
    run: (setting) =>
      withRecorder(async (recorder) => {
        await runTraced(setting, busEvents(3));
        assert.equal(await timesMeasured(recorder, METRIC_MESSAGING_OPERATION_DURATION.name, sending(setting)), 1);
        assert.equal(await timesMeasured(recorder, METRIC_PROCESS_DURATION.name, processing(setting)), 3);
        const handling = {
          [ATTR_MESSAGING_SYSTEM]: setting.telemetry.system,
          [ATTR_HANDLER_NAME]: 'mailer',
          [ATTR_EVENT_TYPE]: 'Happened',
          [ATTR_ERROR_TYPE]: undefined,
        };
        assert.equal(await timesMeasured(recorder, METRIC_HANDLER_DURATION.name, handling), 3);
      }),
  },
  {
    name: 'measures failures with the error type that the spans have, and counts what was tried again',
    run: (setting) =>
      withRecorder(async (recorder) => {
        await runTraced(setting, [busEvent()], (_event, { attempt }) => {
          if (attempt < 3) throw failure();
        });
        for (const { name } of [METRIC_PROCESS_DURATION, METRIC_HANDLER_DURATION]) {
          assert.equal(await timesMeasured(recorder, name, { [ATTR_ERROR_TYPE]: 'E_NO' }), 2, name);
          assert.equal(await timesMeasured(recorder, name, { [ATTR_ERROR_TYPE]: undefined }), 1, name);
        }
        await counts(recorder, METRIC_RETRIES.name, '{retry}', { [ATTR_HANDLER_NAME]: 'mailer', [ATTR_EVENT_TYPE]: 'Happened' }, 2);
        assert.equal(await recorder.total(METRIC_DEAD_LETTERS.name), 0);
      }),
  },
  {
    name: 'counts dead letters',
    run: (setting) =>
      withRecorder(async (recorder) => {
        await runInVain(setting, busEvents(2));
        const attributes = { ...processing(setting), [ATTR_HANDLER_NAME]: 'mailer', [ATTR_ERROR_TYPE]: 'E_NO' };
        await counts(recorder, METRIC_DEAD_LETTERS.name, '{message}', attributes, 2);
      }),
  },
  {
    name: 'metrics carry no ids',
    run: (setting) =>
      withRecorder(async (recorder) => {
        const event = busEvent({ tenantId: 'acme', actorId: 'anna', correlationId: 'conversation' });
        await runInVain(setting, [event]);
        const metrics = await recorder.metrics();
        assert.ok(metrics.length > 0);
        metricsAreFreeOf(metrics, [event.id, event.aggregateId, 'acme', 'anna', 'conversation']);
      }),
  },
  {
    name: 'measures how far the consumer group is behind: what waits and what is in hand',
    needs: 'durable',
    run: (setting) =>
      withRecorder(async (recorder) => {
        const [bus, got, release, events] = [await setting.open(), setting.received(), gate(), interleavedEvents(5, 2)];
        let started = 0;
        bus.subscribe(
          ALL_EVENTS,
          async (event) => {
            started += 1;
            await release.opened;
            got.handler(event);
          },
          { name: 'h' },
        );
        await bus.startConsuming();
        await bus.publish(events);
        await setting.until(() => started === 5, 'five handlers are at work');
        const lag = (): Promise<number> => recorder.total(METRIC_CONSUMER_LAG.name, { [ATTR_MESSAGING_SYSTEM]: setting.telemetry.system });
        await setting.until(async () => (await lag()) === 10, 'the group is ten messages behind');
        release.open();
        await got.has(events);
        await setting.until(async () => (await lag()) === 0, 'the group is done with all messages');
        const metric = await recorder.metric(METRIC_CONSUMER_LAG.name);
        assert.deepEqual([metric.kind, metric.unit, metric.scope.name], ['gauge', '{message}', setting.telemetry.scope]);
        await bus.stop();
      }),
  },
  {
    name: 'with metrics switched off there are spans but no metrics',
    run: (setting) =>
      withRecorder(async (recorder) => {
        await runTraced(setting, [busEvent()], undefined, { metrics: false });
        assert.equal(recorder.spans().length, 4);
        assert.deepEqual(await recorder.metrics(), []);
      }),
  },
  {
    name: 'an SDK that is registered after the bus was opened, and another one after that, get its spans and metrics',
    run: async (setting) => {
      const [bus, got] = [await setting.open(), setting.received()];
      bus.subscribe(ALL_EVENTS, got.handler, { name: 'h' });
      await bus.startConsuming();
      for (let round = 1; round <= 2; round += 1) {
        await withRecorder(async (recorder) => {
          await bus.publish([busEvent()]);
          await setting.until(() => recorder.spans().length === 4, 'all four spans have ended');
          assert.equal(await recorder.total(METRIC_SENT_MESSAGES.name), 1);
          assert.equal(await recorder.total(METRIC_CONSUMED_MESSAGES.name), 1);
        });
      }
    },
  },
];
