import type { EventBusSection } from './bus-case.ts';
import { consumerGroups } from './consumer-groups.ts';
import { deadLetters } from './dead-letters.ts';
import { delivery } from './delivery.ts';
import { durableDelivery } from './durable-delivery.ts';
import { handlerContext } from './handler-context.ts';
import { ordering } from './ordering.ts';
import { publishing } from './publishing.ts';
import { retries } from './retries.ts';
import { stopping } from './stopping.ts';
import { telemetryContext } from './telemetry-context.ts';
import { telemetryMetrics } from './telemetry-metrics.ts';
import { telemetrySpans } from './telemetry-spans.ts';
import { undecodable } from './undecodable.ts';

/** What an event bus does, traced or not. */
export const busBehaviour: readonly EventBusSection[] = [
  { topic: 'publishing', cases: publishing },
  { topic: 'delivering', cases: [...delivery, ...handlerContext, ...consumerGroups, ...durableDelivery] },
  { topic: 'order', cases: ordering },
  { topic: 'failures', cases: [...retries, ...undecodable] },
  { topic: 'dead letters', cases: deadLetters },
  { topic: 'stopping', cases: stopping },
];

/** What an event bus tells OpenTelemetry. These cases bring their own recorders. */
export const busTelemetry: readonly EventBusSection[] = [
  { topic: 'telemetry', cases: [...telemetryContext, ...telemetrySpans, ...telemetryMetrics] },
];
