import type { ComponentOptions, DomainEvent } from '@es/core';
import {
  ATTR_AGGREGATE_ID,
  ATTR_AGGREGATE_TYPE,
  ATTR_EVENT_ID,
  ATTR_EVENT_TYPE,
  ATTR_HANDLER_NAME,
  ATTR_PROJECTION_NAME,
  type Attributes,
  createMetrics,
  createTracing,
  linksTo,
  METRIC_HANDLER_DURATION,
  type Metrics,
  type Tracing,
} from '@es/otel';
import { PACKAGE_NAME, PACKAGE_VERSION } from './package-info.ts';

/** Spans and metrics of a projection. Its spans are off unless asked for, since there is one for each event and handler. */
export class ProjectionTelemetry {
  readonly #projection: string;
  readonly #tracing: Tracing;
  readonly #metrics: Metrics;

  constructor(projection: string, options: ComponentOptions) {
    this.#projection = projection;
    this.#tracing = createTracing(PACKAGE_NAME, { enabled: options.tracing ?? false, version: PACKAGE_VERSION });
    this.#metrics = createMetrics(PACKAGE_NAME, { enabled: options.metrics ?? true, version: PACKAGE_VERSION });
  }

  /** One event, linked to the span that wrote it. */
  handle<T>(event: DomainEvent, fn: () => Promise<T>): Promise<T> {
    const links = this.#tracing.enabled ? linksTo([event]) : [];
    return this.#tracing.span('eventsource.projection.handle', () => this.#eventAttributes(event), fn, { links });
  }

  /** One event in one handler. */
  handler<T>(event: DomainEvent, handler: string, fn: () => Promise<T>): Promise<T> {
    const attributes = { [ATTR_PROJECTION_NAME]: this.#projection, [ATTR_HANDLER_NAME]: handler, [ATTR_EVENT_TYPE]: event.type };
    return this.#tracing.span(
      'eventsource.projection.handler',
      () => ({ ...this.#eventAttributes(event), [ATTR_HANDLER_NAME]: handler }),
      fn,
      { timer: this.#metrics.timer(METRIC_HANDLER_DURATION, attributes) },
    );
  }

  #eventAttributes(event: DomainEvent): Attributes {
    return {
      [ATTR_PROJECTION_NAME]: this.#projection,
      [ATTR_EVENT_TYPE]: event.type,
      [ATTR_EVENT_ID]: event.id,
      [ATTR_AGGREGATE_TYPE]: event.aggregateType,
      [ATTR_AGGREGATE_ID]: event.aggregateId,
    };
  }
}
