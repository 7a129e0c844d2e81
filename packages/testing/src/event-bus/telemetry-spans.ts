import assert from 'node:assert/strict';
import { ALL_EVENTS, type DomainEvent } from '@es/core';
import {
  ATTR_AGGREGATE_ID,
  ATTR_AGGREGATE_TYPE,
  ATTR_ERROR_TYPE,
  ATTR_EVENT_COUNT,
  ATTR_EVENT_ID,
  ATTR_EVENT_TYPE,
  ATTR_EVENT_TYPES,
  ATTR_HANDLER_NAME,
  ATTR_MESSAGING_BATCH_MESSAGE_COUNT,
  ATTR_MESSAGING_CONSUMER_GROUP_NAME,
  ATTR_MESSAGING_DESTINATION_NAME,
  ATTR_MESSAGING_MESSAGE_ID,
  ATTR_MESSAGING_OPERATION_NAME,
  ATTR_MESSAGING_OPERATION_TYPE,
  ATTR_MESSAGING_SYSTEM,
  ATTR_TENANT_ID,
  METRIC_MESSAGING_OPERATION_DURATION,
  METRIC_SENT_MESSAGES,
} from '@es/otel';
import { rejectsWith } from '../conformance/expectations.ts';
import { spanFailed, spanSucceeded } from '../conformance/span-expectations.ts';
import type { RecordedSpan } from '../telemetry/recorded-span.ts';
import { withRecorder } from '../telemetry/with-recorder.ts';
import type { EventBusCase, EventBusSetting } from './bus-case.ts';
import { busEvent, busEvents } from './bus-events.ts';
import { app, carries, failure, place, runInVain, runTraced, spanNames, timesMeasured } from './traced-run.ts';

const stored = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const storedEvent = (): DomainEvent => busEvent({ traceparent: `00-${stored.traceId}-${stored.spanId}-01` });

/** Expects what every span about messages bears. */
function isSpanOf({ telemetry, destination }: EventBusSetting, span: RecordedSpan, kind: string, operation: string, type: string): void {
  assert.equal(span.kind, kind, `kind of ${span.name}`);
  assert.equal(span.scope.name, telemetry.scope, `scope of ${span.name}`);
  assert.ok(span.scope.version, `the scope of ${span.name} has a version`);
  assert.ok(span.scope.schemaUrl, `the scope of ${span.name} has a schema URL`);
  const messaging = {
    ...telemetry.attributes,
    [ATTR_MESSAGING_SYSTEM]: telemetry.system,
    [ATTR_MESSAGING_DESTINATION_NAME]: destination,
    [ATTR_MESSAGING_OPERATION_NAME]: operation,
    [ATTR_MESSAGING_OPERATION_TYPE]: type,
  };
  carries(span.attributes, messaging, span.name);
}

function linksOf({ links }: RecordedSpan): { traceId: string; spanId: string }[] {
  return links.map(place);
}

export const telemetrySpans: readonly EventBusCase[] = [
  {
    name: 'the spans of a single event say all about it',
    run: (setting) =>
      withRecorder(async (recorder) => {
        const event = busEvent({ tenantId: 'acme' });
        await runTraced(setting, [event]);
        const { publish, process, dispatch, handle } = spanNames(setting);
        for (const span of recorder.spans()) spanSucceeded(span);
        const about = {
          [ATTR_AGGREGATE_TYPE]: event.aggregateType,
          [ATTR_AGGREGATE_ID]: event.aggregateId,
          [ATTR_EVENT_TYPE]: 'Happened',
          [ATTR_EVENT_TYPES]: undefined,
          [ATTR_EVENT_ID]: event.id,
          [ATTR_TENANT_ID]: 'acme',
        };
        const producer = recorder.span(publish);
        isSpanOf(setting, producer, 'PRODUCER', setting.telemetry.publishOperation, 'send');
        const single = { [ATTR_MESSAGING_MESSAGE_ID]: event.id, [ATTR_EVENT_COUNT]: 1, [ATTR_MESSAGING_BATCH_MESSAGE_COUNT]: undefined };
        carries(producer.attributes, { ...about, ...single }, publish);
        const consumer = recorder.span(process);
        isSpanOf(setting, consumer, 'CONSUMER', 'process', 'process');
        carries(consumer.attributes, { ...about, [ATTR_MESSAGING_MESSAGE_ID]: event.id }, process);
        const hasGroup = setting.capabilities.consumerGroups === true;
        assert.equal(typeof consumer.attributes[ATTR_MESSAGING_CONSUMER_GROUP_NAME], hasGroup ? 'string' : 'undefined');
        carries(recorder.span(dispatch).attributes, about, dispatch);
        carries(recorder.span(handle).attributes, { ...about, [ATTR_HANDLER_NAME]: 'mailer' }, handle);
      }),
  },
  {
    name: 'the producer span of a batch says what its events have in common, the consumer spans which event each is about',
    run: (setting) =>
      withRecorder(async (recorder) => {
        const [first, second] = busEvents(2) as [DomainEvent, DomainEvent];
        const events = [first, { ...second, type: 'Another' }];
        await runTraced(setting, events);
        const { publish, process } = spanNames(setting);
        const common = {
          [ATTR_EVENT_COUNT]: 2,
          [ATTR_MESSAGING_BATCH_MESSAGE_COUNT]: 2,
          [ATTR_MESSAGING_MESSAGE_ID]: undefined,
          [ATTR_EVENT_ID]: undefined,
          [ATTR_EVENT_TYPE]: undefined,
          [ATTR_EVENT_TYPES]: ['Another', 'Happened'],
          [ATTR_AGGREGATE_TYPE]: 'Sample',
          [ATTR_AGGREGATE_ID]: first.aggregateId,
          [ATTR_TENANT_ID]: undefined,
        };
        carries(recorder.span(publish).attributes, common, publish);
        assert.deepEqual(
          recorder.spans(process).map(({ attributes }) => [attributes[ATTR_MESSAGING_MESSAGE_ID], attributes[ATTR_EVENT_TYPE]]),
          events.map(({ id, type }) => [id, type]),
        );
      }),
  },
  {
    name: 'the consumer span is linked to the producer span and to the span that stored the event',
    run: (setting) =>
      withRecorder(async (recorder) => {
        await runTraced(setting, [storedEvent()]);
        const { publish, process } = spanNames(setting);
        assert.deepEqual(linksOf(recorder.span(process)), [place(recorder.span(publish)), stored]);
      }),
  },
  {
    name: 'by option the consumer span is a root that only links',
    run: (setting) =>
      withRecorder(async (recorder) => {
        await app.span('request', () => runTraced(setting, [storedEvent()], undefined, { consumerSpans: 'linked' }));
        const { publish, process, handle } = spanNames(setting);
        const consumer = recorder.span(process);
        assert.equal(consumer.parentSpanId, undefined);
        assert.notEqual(consumer.traceId, recorder.span(publish).traceId);
        assert.deepEqual(linksOf(consumer), [place(recorder.span(publish)), stored]);
        assert.equal(recorder.span(handle).traceId, consumer.traceId);
      }),
  },
  {
    name: 'each handler has a span of its own, with its name',
    run: (setting) =>
      withRecorder(async (recorder) => {
        const [bus, got] = [await setting.open(), setting.received()];
        for (const name of ['one', 'two', 'three']) bus.subscribe(ALL_EVENTS, got.handler, { name });
        bus.subscribe('Another', got.handler, { name: 'other' });
        await bus.startConsuming();
        await bus.publish([busEvent()]);
        await got.reaches(3);
        await bus.stop();
        const { dispatch, handle } = spanNames(setting);
        const children = recorder.children(recorder.span(dispatch));
        assert.deepEqual(
          children.map(({ name, attributes }) => [name, attributes[ATTR_HANDLER_NAME]]),
          ['one', 'two', 'three'].map((name) => [handle, name]),
        );
      }),
  },
  {
    name: 'each attempt has spans of its own, which fail as the handler did, beside each other under the producer',
    run: (setting) =>
      withRecorder(async (recorder) => {
        await runTraced(setting, [busEvent()], (_event, { attempt }) => {
          if (attempt < 3) throw failure();
        });
        const { publish, process, dispatch, handle } = spanNames(setting);
        for (const name of [process, dispatch, handle]) {
          const [first, second, third, ...others] = recorder.spans(name);
          assert.ok(first !== undefined && second !== undefined && third !== undefined && others.length === 0, name);
          spanFailed(first, 'E_NO');
          spanFailed(second, 'E_NO');
          spanSucceeded(third);
        }
        assert.equal(recorder.children(recorder.span(publish)).length, 3);
        spanSucceeded(recorder.span(publish));
      }),
  },
  {
    name: 'a dead letter keeps the trace of its event, and every span about it has failed',
    run: (setting) =>
      withRecorder(async (recorder) => {
        const [letter] = await runInVain(setting, [busEvent()]);
        const { publish, process } = spanNames(setting);
        const { traceId, spanId } = recorder.span(publish);
        assert.equal(letter?.headers['traceparent'], `00-${traceId}-${spanId}-01`);
        assert.equal(recorder.spans(process).length, 3);
        for (const span of recorder.spans(process)) spanFailed(span, 'E_NO');
      }),
  },
  {
    name: 'a replay belongs to the trace of its event, and is linked to whoever asked for it',
    run: (setting) =>
      withRecorder(async (recorder) => {
        const bus = await setting.open({ retry: { maxAttempts: 1 } });
        bus.subscribe(
          ALL_EVENTS,
          (_event, { attempt }) => {
            if (attempt === 1) throw failure();
          },
          { name: 'mailer' },
        );
        await bus.startConsuming();
        await bus.publish([busEvent()]);
        await setting.until(async () => (await bus.deadLetters.count()) === 1, 'there is a dead letter');
        await app.span('repair', () => bus.replayDeadLetters());
        await bus.stop();
        const { publish, process } = spanNames(setting);
        const [, replayed, ...others] = recorder.spans(process);
        assert.ok(replayed !== undefined && others.length === 0);
        assert.equal(replayed.parentSpanId, recorder.span(publish).spanId);
        assert.deepEqual(linksOf(replayed), [place(recorder.span(publish)), place(recorder.span('repair'))]);
        spanSucceeded(replayed);
      }),
  },
  {
    name: 'a publish that is refused ends its span with the error, and is measured with the same error type',
    needs: 'refusesUnroutable',
    run: (setting) =>
      withRecorder(async (recorder) => {
        const bus = await setting.open();
        await rejectsWith('ES_PUBLISH_UNROUTABLE', bus.publish([busEvent()]));
        await bus.stop();
        spanFailed(recorder.span(spanNames(setting).publish), 'ES_PUBLISH_UNROUTABLE');
        const failed = { [ATTR_ERROR_TYPE]: 'ES_PUBLISH_UNROUTABLE' };
        assert.equal(await recorder.total(METRIC_SENT_MESSAGES.name, failed), 1);
        assert.equal(await timesMeasured(recorder, METRIC_MESSAGING_OPERATION_DURATION.name, failed), 1);
      }),
  },
];
