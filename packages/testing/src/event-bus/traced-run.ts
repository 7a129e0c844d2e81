import assert from 'node:assert/strict';
import { ALL_EVENTS, type BrokerEventBusOptions, type DeadLetter, type DomainEvent, type HandlerContext } from '@es/core';
import { createTracing, type Tracing } from '@es/otel';
import type { RecordedSpan } from '../telemetry/recorded-span.ts';
import type { TelemetryRecorder } from '../telemetry/telemetry-recorder.ts';
import type { EventBusSetting } from './bus-case.ts';

/** The code of an application around the bus. */
export const app: Tracing = createTracing('app');

/** A failure with a code, that spans and metrics name. */
export function failure(): Error {
  return Object.assign(new Error('no'), { code: 'E_NO' });
}

/** Names of the spans of a bus. */
export function spanNames({ telemetry, destination }: EventBusSetting): Record<'publish' | 'process' | 'dispatch' | 'handle', string> {
  return {
    publish: telemetry.publishSpan ?? `${telemetry.publishOperation} ${destination}`,
    process: `process ${destination}`,
    dispatch: 'eventsource.event_bus.dispatch',
    handle: 'eventsource.event_bus.handle',
  };
}

/** Publishes events on a bus of its own and has them handled by one handler, then stops the bus, so that every span has ended. */
export async function runTraced(
  { open, received }: EventBusSetting,
  events: readonly DomainEvent[],
  handler: (event: DomainEvent, context: HandlerContext) => unknown = () => undefined,
  options?: BrokerEventBusOptions,
): Promise<void> {
  const [bus, got] = [await open(options), received()];
  bus.subscribe(
    ALL_EVENTS,
    async (event, context) => {
      await handler(event, context);
      got.handler(event);
    },
    { name: 'mailer' },
  );
  await bus.startConsuming();
  await bus.publish(events);
  await got.has(events);
  await bus.stop();
}

/**
 * As {@link runTraced}, with a handler that always fails.
 *
 * @returns the dead letters.
 */
export async function runInVain({ open, until }: EventBusSetting, events: readonly DomainEvent[]): Promise<readonly DeadLetter[]> {
  const bus = await open();
  bus.subscribe(ALL_EVENTS, () => Promise.reject(failure()), { name: 'mailer' });
  await bus.startConsuming();
  await bus.publish(events);
  await until(async () => (await bus.deadLetters.count()) === events.length, `there are ${events.length} dead letters`);
  const letters = await bus.deadLetters.list();
  await bus.stop();
  return letters;
}

/** Where a span is: its trace and its id. */
export function place({ traceId, spanId }: Pick<RecordedSpan, 'traceId' | 'spanId'>): { traceId: string; spanId: string } {
  return { traceId, spanId };
}

/** Where the parent of a span is. */
export function parentPlace({ traceId, parentSpanId }: RecordedSpan): { traceId: string; spanId: string | undefined } {
  return { traceId, spanId: parentSpanId };
}

/** Expects these attributes with exactly these values; `undefined`: absent. */
export function carries(actual: Readonly<Record<string, unknown>>, expected: Readonly<Record<string, unknown>>, what: string): void {
  assert.deepEqual(Object.fromEntries(Object.keys(expected).map((key) => [key, actual[key]])), expected, `attributes of ${what}`);
}

/** How often a histogram was given a value with these attributes; `undefined`: absent. */
export async function timesMeasured(
  recorder: TelemetryRecorder,
  name: string,
  attributes: Readonly<Record<string, unknown>>,
): Promise<number | undefined> {
  const { kind, unit, points } = await recorder.metric(name);
  assert.deepEqual([kind, unit], ['histogram', 's'], name);
  const wanted = Object.entries(attributes);
  const matching = points.filter((point) => wanted.every(([key, value]) => point.attributes[key] === value));
  return matching.reduce((sum, { distribution }) => sum + (distribution?.count ?? 0), 0);
}
