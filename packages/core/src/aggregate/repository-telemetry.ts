import {
  ATTR_AGGREGATE_ID,
  ATTR_AGGREGATE_TYPE,
  ATTR_CONFLICT_RETRIES,
  ATTR_EVENT_COUNT,
  ATTR_EVENTS_REPLAYED,
  ATTR_EXPECTED_VERSION,
  ATTR_SNAPSHOT_USED,
  ATTR_VERSION,
  createMetrics,
  createTracing,
  METRIC_EVENTS_REPLAYED,
  METRIC_RETRIES,
  type Metrics,
  type Span,
  type Tracing,
} from '@es/otel';
import type { ComponentOptions } from '../component-options.ts';
import type { ExpectedVersion } from '../event-store/append-condition.ts';
import { PACKAGE_NAME, PACKAGE_VERSION } from '../package-info.ts';

/** How a load came about. */
export interface LoadFacts {
  readonly version: number;
  readonly eventsReplayed: number;
  readonly snapshotUsed: boolean;
}

/** Spans and metrics of the path between aggregates and their store. */
export class RepositoryTelemetry {
  readonly #aggregateType: string;
  readonly #tracing: Tracing;
  readonly #metrics: Metrics;

  constructor(aggregateType: string, options: ComponentOptions) {
    this.#aggregateType = aggregateType;
    this.#tracing = createTracing(PACKAGE_NAME, { enabled: options.tracing ?? true, version: PACKAGE_VERSION });
    this.#metrics = createMetrics(PACKAGE_NAME, { enabled: options.metrics ?? true, version: PACKAGE_VERSION });
  }

  load<T>(id: string, fn: (report: (facts: LoadFacts) => void) => Promise<T>): Promise<T> {
    return this.#span('load', id, (span) =>
      fn(({ version, eventsReplayed, snapshotUsed }) => {
        span?.setAttributes({ [ATTR_VERSION]: version, [ATTR_EVENTS_REPLAYED]: eventsReplayed, [ATTR_SNAPSHOT_USED]: snapshotUsed });
        this.#metrics.histogram(METRIC_EVENTS_REPLAYED).record(eventsReplayed, { [ATTR_AGGREGATE_TYPE]: this.#aggregateType });
      }),
    );
  }

  /** @param retries - How often a conflict has sent this save back already. */
  save<T extends { readonly version: number }>(
    id: string,
    events: number,
    expectedVersion: ExpectedVersion,
    retries: number,
    fn: () => Promise<T>,
  ): Promise<T> {
    return this.#span('save', id, async (span) => {
      span?.setAttributes({
        [ATTR_EVENT_COUNT]: events,
        [ATTR_EXPECTED_VERSION]: String(expectedVersion),
        [ATTR_CONFLICT_RETRIES]: retries,
      });
      const result = await fn();
      span?.setAttribute(ATTR_VERSION, result.version);
      return result;
    });
  }

  exists(id: string, fn: () => Promise<boolean>): Promise<boolean> {
    return this.#span('exists', id, fn);
  }

  createSnapshot<T>(id: string, version: number, fn: () => Promise<T>): Promise<T> {
    return this.#span('create_snapshot', id, (span) => {
      span?.setAttribute(ATTR_VERSION, version);
      return fn();
    });
  }

  countRetry(): void {
    this.#metrics.counter(METRIC_RETRIES).add(1, { [ATTR_AGGREGATE_TYPE]: this.#aggregateType });
  }

  #span<T>(operation: string, id: string, fn: (span?: Span) => Promise<T>): Promise<T> {
    return this.#tracing.span(
      `eventsource.repository.${operation}`,
      () => ({ [ATTR_AGGREGATE_TYPE]: this.#aggregateType, [ATTR_AGGREGATE_ID]: id }),
      fn,
    );
  }
}
