import {
  ATTR_AGGREGATE_ID,
  ATTR_AGGREGATE_TYPE,
  ATTR_ERROR_TYPE,
  ATTR_EVENT_COUNT,
  ATTR_EVENT_TYPE,
  ATTR_EVENT_TYPES,
  ATTR_EXPECTED_VERSION,
  ATTR_POSITION,
  ATTR_TENANT_ID,
  ATTR_VERSION,
  ATTR_WAITED_FOR,
  type Attributes,
  createMetrics,
  createTracing,
  errorType,
  METRIC_APPEND_CONFLICTS,
  METRIC_APPEND_WAIT_TIME,
  METRIC_EVENTS_APPENDED,
  type Metrics,
  type Span,
  type SpanKind,
  type Tracing,
} from '@es/otel';
import type { ComponentOptions } from '../component-options.ts';
import { hasErrorCode } from '../errors/has-error-code.ts';
import type { EventToAppend } from '../events/event.ts';
import type { AppendCondition } from './append-condition.ts';
import { DatabaseTelemetry } from './database-telemetry.ts';
import type { AppendWait, OnAppendWait, StorageDescription, StreamPosition } from './event-storage.ts';
import type { AppendResult, ReadAllOptions } from './event-store.ts';
import type { StreamId } from './stream-id.ts';
import { timedPages } from './timed-pages.ts';

/** The reads that have spans. */
export type ReadOperation = 'get_events' | 'read_all';

/** Spans and metrics of an event store, the same for every adapter. */
export class EventStoreTelemetry {
  readonly #tracing: Tracing;
  readonly #metrics: Metrics;
  readonly #kind: SpanKind;
  readonly #database: DatabaseTelemetry;

  constructor(description: StorageDescription, options: ComponentOptions) {
    const { name, version } = description.scope;
    this.#tracing = createTracing(name, { enabled: options.tracing ?? true, version });
    this.#metrics = createMetrics(name, { enabled: options.metrics ?? true, version });
    this.#kind = description.spanKind;
    this.#database = new DatabaseTelemetry(description, this.#metrics);
  }

  /** Traces and measures an append. A repeated one is not counted again. */
  append(
    stream: StreamId,
    events: readonly EventToAppend[],
    condition: AppendCondition,
    append: (onWait: OnAppendWait) => Promise<{ readonly status: string } & StreamPosition>,
  ): Promise<AppendResult> {
    return this.#tracing.span(
      'eventsource.event_store.append_events',
      () => ({
        ...this.#database.spanAttributes('append_events'),
        ...streamAttributes(stream),
        ...eventAttributes(events),
        ...conditionAttributes(condition),
      }),
      async (span) => {
        const { status, version, position } = await this.#noted(span, stream, () =>
          this.#database.time('append_events', () => append((wait) => this.#waited(stream, wait))),
        );
        span?.setAttribute(ATTR_VERSION, version);
        span?.setAttribute(ATTR_POSITION, String(position));
        if (status === 'appended') this.#metrics.counter(METRIC_EVENTS_APPENDED).add(events.length, aggregateType(stream));
        return { version, position };
      },
      { kind: this.#kind },
    );
  }

  /** Traces and measures a read: one span from the first pull to the end. */
  read<Event>(
    operation: ReadOperation,
    attributes: () => Attributes,
    open: () => AsyncIterable<readonly Event[]>,
  ): AsyncIterable<readonly Event[]> {
    return this.#tracing.iterate(
      `eventsource.event_store.${operation}`,
      () => ({ ...this.#database.spanAttributes(operation), ...attributes() }),
      (span) =>
        timedPages(open, ({ events, seconds, error }) => {
          span?.setAttribute(ATTR_EVENT_COUNT, events);
          this.#database.noteStatus(span, error);
          this.#database.record(operation, seconds, error);
        }),
      { kind: this.#kind },
    );
  }

  streamAttributes(stream: StreamId): Attributes {
    return streamAttributes(stream);
  }

  filterAttributes({ types, tenantId }: ReadAllOptions): Attributes {
    return { ...(types === undefined ? {} : typeAttributes(types)), ...(tenantId === undefined ? {} : { [ATTR_TENANT_ID]: tenantId }) };
  }

  #waited(stream: StreamId, { waitedFor, seconds, error }: AppendWait): void {
    const attributes = { ...aggregateType(stream), [ATTR_WAITED_FOR]: waitedFor };
    this.#metrics
      .histogram(METRIC_APPEND_WAIT_TIME)
      .record(seconds, error === undefined ? attributes : { ...attributes, [ATTR_ERROR_TYPE]: errorType(error) });
  }

  async #noted<T>(span: Span | undefined, stream: StreamId, fn: () => Promise<T>): Promise<T> {
    try {
      return await fn();
    } catch (error) {
      if (hasErrorCode(error, 'ES_CONCURRENCY')) this.#metrics.counter(METRIC_APPEND_CONFLICTS).add(1, aggregateType(stream));
      this.#database.noteStatus(span, error);
      throw error;
    }
  }
}

function aggregateType(stream: StreamId): Attributes {
  return { [ATTR_AGGREGATE_TYPE]: stream.aggregateType };
}

function streamAttributes(stream: StreamId): Attributes {
  return { [ATTR_AGGREGATE_TYPE]: stream?.aggregateType, [ATTR_AGGREGATE_ID]: stream?.aggregateId };
}

function conditionAttributes(condition: AppendCondition): Attributes {
  return { [ATTR_EXPECTED_VERSION]: String(condition?.expectedVersion) };
}

function eventAttributes(events: readonly EventToAppend[]): Attributes {
  const tenant = events[0]?.tenantId;
  return {
    [ATTR_EVENT_COUNT]: events.length,
    ...typeAttributes(events.map((event) => event.type)),
    ...(tenant !== undefined && events.every((event) => event.tenantId === tenant) ? { [ATTR_TENANT_ID]: tenant } : {}),
  };
}

/** One type is a string, several are a sorted array under another key, so that each key has one type. */
function typeAttributes(types: readonly string[]): Attributes {
  const distinct = [...new Set(types)].sort();
  return distinct.length > 1 ? { [ATTR_EVENT_TYPES]: distinct } : { [ATTR_EVENT_TYPE]: distinct[0] };
}
