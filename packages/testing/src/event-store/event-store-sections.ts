import { anyUnderLoad } from './any-under-load.ts';
import { appendRace } from './append-race.ts';
import { appendResult } from './append-result.ts';
import { atomicAppend } from './atomic-append.ts';
import { dates } from './dates.ts';
import { durability } from './durability.ts';
import { emptyAppend } from './empty-append.ts';
import { envelope } from './envelope.ts';
import type { EventStoreSection } from './event-store-case.ts';
import { eventStreams } from './event-streams.ts';
import { foreignEvents } from './foreign-events.ts';
import { invalidArguments } from './invalid-arguments.ts';
import { jsonData } from './json-data.ts';
import { lifecycle } from './lifecycle.ts';
import { longStream } from './long-stream.ts';
import { modelComparison } from './model-comparison.ts';
import { parallelWriters } from './parallel-writers.ts';
import { racedRetries } from './raced-retries.ts';
import { readAllBounds } from './read-all-bounds.ts';
import { readAllFilters } from './read-all-filters.ts';
import { readAllOrder } from './read-all-order.ts';
import { retriedAppend } from './retried-append.ts';
import { reusedIds } from './reused-ids.ts';
import { schemaValidation } from './schema-validation.ts';
import { storedEvents } from './stored-events.ts';
import { storedTraceContext } from './stored-trace-context.ts';
import { streamBounds } from './stream-bounds.ts';
import { streamIsolation } from './stream-isolation.ts';
import { streaming } from './streaming.ts';
import { telemetryMetrics } from './telemetry-metrics.ts';
import { telemetrySpans } from './telemetry-spans.ts';
import { telemetrySwitches } from './telemetry-switches.ts';
import { upcasting } from './upcasting.ts';
import { versionConflict } from './version-conflict.ts';
import { waitForEvents } from './wait-for-events.ts';

/** What an event store does, traced or not. */
export const behaviourSections: readonly EventStoreSection[] = [
  { topic: 'appending', cases: [...appendResult, ...emptyAppend, ...atomicAppend, ...streamIsolation] },
  { topic: 'expected versions', cases: [...versionConflict, ...appendRace, ...anyUnderLoad] },
  { topic: 'idempotency', cases: [...retriedAppend, ...racedRetries, ...reusedIds] },
  { topic: 'refusing what is not valid', cases: [...foreignEvents, ...invalidArguments, ...schemaValidation, ...upcasting] },
  { topic: 'keeping data as it is', cases: [...jsonData, ...dates, ...envelope, ...storedEvents] },
  { topic: 'reading a stream', cases: [...streamBounds, ...eventStreams, ...longStream, ...streaming] },
  { topic: 'reading the log', cases: [...readAllOrder, ...readAllBounds, ...readAllFilters, ...parallelWriters, ...waitForEvents] },
  { topic: 'being closed and opened', cases: [...lifecycle, ...durability] },
  { topic: 'random histories', cases: modelComparison },
];

/** What an event store tells OpenTelemetry. These cases bring their own recorders. */
export const telemetrySections: readonly EventStoreSection[] = [
  { topic: 'telemetry', cases: [...telemetrySpans, ...telemetryMetrics, ...telemetrySwitches, ...storedTraceContext] },
];
