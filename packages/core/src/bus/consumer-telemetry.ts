import {
  ATTR_ERROR_TYPE,
  ATTR_EVENT_TYPE,
  ATTR_HANDLER_NAME,
  ATTR_MESSAGING_DESTINATION_NAME,
  ATTR_MESSAGING_DESTINATION_PARTITION_ID,
  ATTR_MESSAGING_MESSAGE_ID,
  ATTR_MESSAGING_SYSTEM,
  type Attributes,
  type Context,
  contextAvailable,
  createMetrics,
  createTracing,
  errorType,
  extractContext,
  type GaugeValue,
  type Link,
  type Logger,
  linksTo,
  METRIC_CONSUMED_MESSAGES,
  METRIC_CONSUMER_LAG,
  METRIC_DEAD_LETTERS,
  METRIC_HANDLER_DURATION,
  METRIC_PROCESS_DURATION,
  METRIC_REBALANCES,
  METRIC_RECONNECTIONS,
  METRIC_RETRIES,
  type Metrics,
  otelAvailable,
  SpanKind,
  type Tracing,
  withContext,
} from '@es/otel';
import type { ComponentOptions } from '../component-options.ts';
import type { DomainEvent } from '../events/event.ts';
import { type AttemptTelemetry, type TracedDelivery, unseen } from './attempt-telemetry.ts';
import { baggageContext } from './baggage-context.ts';
import { connectionAttributes, consumeAttributes, eventAttributes } from './bus-attributes.ts';
import type { ConsumerLag, EventTransport, IncomingMessage, TransportDescription, TransportObserver } from './event-transport.ts';

/** How consumer spans relate to the producer span: its children, in the same trace, or roots of their own that link to it. */
export type ConsumerSpans = 'children' | 'linked';

/** Spans and metrics of consuming, the same for every bus. */
export class ConsumerTelemetry implements AttemptTelemetry, TransportObserver {
  readonly #tracing: Tracing;
  readonly #metrics: Metrics;
  readonly #description: TransportDescription;
  readonly #consumerSpans: ConsumerSpans;
  readonly #byDestination = new Map<string, Attributes>();
  #latest: { readonly event: DomainEvent; readonly attributes: Attributes } | undefined;

  constructor(description: TransportDescription, options: ComponentOptions & { readonly consumerSpans?: ConsumerSpans }) {
    const { name, version } = description.scope;
    this.#tracing = createTracing(name, { enabled: options.tracing ?? true, version });
    this.#metrics = createMetrics(name, { enabled: options.metrics ?? true, version });
    this.#description = description;
    this.#consumerSpans = options.consumerSpans ?? 'children';
  }

  /** Counts a message that the transport delivered. */
  consumed(message: IncomingMessage): void {
    this.#metrics.counter(METRIC_CONSUMED_MESSAGES).add(1, this.#attributes(message));
  }

  /** What shows an attempt that begins now. Whether there is an SDK is asked once for all of it. */
  attempt(): AttemptTelemetry {
    return this.#isTraced || this.#metrics.recording || contextAvailable() ? this : unseen;
  }

  process<T>(delivery: TracedDelivery, fn: () => Promise<T>): Promise<T> {
    const { message, event } = delivery;
    const { parent, links } = this.#origin(delivery);
    return this.#tracing.span(
      `process ${message.route.destination}`,
      () => {
        const attributes = { ...this.#attributes(message), ...message.route.attributes };
        if (event !== undefined) Object.assign(attributes, this.#eventAttributes(event))[ATTR_MESSAGING_MESSAGE_ID] = event.id;
        return attributes;
      },
      (span) => (span === undefined ? withContext(parent, fn) : fn()),
      { kind: SpanKind.CONSUMER, parent, links, timer: this.#metrics.timer(METRIC_PROCESS_DURATION, this.#attributes(message)) },
    );
  }

  dispatch<T>(event: DomainEvent, fn: () => Promise<T>): Promise<T> {
    return this.#tracing.span('eventsource.event_bus.dispatch', () => this.#eventAttributes(event), fn);
  }

  handle<T>(event: DomainEvent, handler: string, attempt: number, fn: () => T): T {
    const metricAttributes = (): Attributes => ({
      [ATTR_MESSAGING_SYSTEM]: this.#description.system,
      [ATTR_HANDLER_NAME]: handler,
      [ATTR_EVENT_TYPE]: event.type,
    });
    if (attempt > 1) this.#metrics.counter(METRIC_RETRIES).add(1, metricAttributes());
    return this.#tracing.span(
      'eventsource.event_bus.handle',
      () => ({ ...this.#eventAttributes(event), [ATTR_HANDLER_NAME]: handler }),
      fn,
      { timer: this.#metrics.timer(METRIC_HANDLER_DURATION, metricAttributes) },
    );
  }

  /** Counts a dead letter that was kept. */
  deadLettered(message: IncomingMessage, handler: string | undefined, error: unknown): void {
    this.#metrics.counter(METRIC_DEAD_LETTERS).add(1, {
      ...this.#attributes(message),
      ...(handler === undefined ? {} : { [ATTR_HANDLER_NAME]: handler }),
      [ATTR_ERROR_TYPE]: errorType(error),
    });
  }

  reconnected(): void {
    this.#metrics.counter(METRIC_RECONNECTIONS).add(1, connectionAttributes(this.#description));
  }

  rebalanced(): void {
    this.#metrics.counter(METRIC_REBALANCES).add(1, connectionAttributes(this.#description));
  }

  /** Has the broker asked for the lag whenever metrics are collected, until the returned function is called. */
  measureLag(transport: EventTransport, logger: Logger): () => void {
    if (transport.lag === undefined) return () => undefined;
    const measure = transport.lag.bind(transport);
    return this.#metrics.gauge(METRIC_CONSUMER_LAG).observe(async () => {
      try {
        return (await measure()).map((lag) => this.#lagValue(lag));
      } catch (error) {
        logger.warn({ err: error }, 'The lag of the consumer group could not be measured');
        throw error;
      }
    });
  }

  #lagValue({ destination, partition, messages }: ConsumerLag): GaugeValue {
    return {
      value: messages,
      attributes: {
        ...connectionAttributes(this.#description),
        [ATTR_MESSAGING_DESTINATION_NAME]: destination,
        ...(partition === undefined ? {} : { [ATTR_MESSAGING_DESTINATION_PARTITION_ID]: partition }),
      },
    };
  }

  /** Made once for each destination: there are few of those, and many messages. */
  #attributes({ route: { destination } }: IncomingMessage): Attributes {
    const known = this.#byDestination.get(destination);
    if (known !== undefined) return known;
    const attributes = Object.freeze(consumeAttributes(this.#description, destination));
    this.#byDestination.set(destination, attributes);
    return attributes;
  }

  /** The attributes of an event are wanted by several spans, one right after the other. */
  #eventAttributes(event: DomainEvent): Attributes {
    if (this.#latest?.event !== event) this.#latest = { event, attributes: eventAttributes(event) };
    return this.#latest.attributes;
  }

  get #isTraced(): boolean {
    return this.#tracing.enabled && otelAvailable();
  }

  #origin({ message, event, replayedBy }: TracedDelivery): { readonly parent: Context; readonly links: Link[] } {
    const extracted = extractContext(message.headers);
    const parent = this.#consumerSpans === 'linked' ? baggageContext(message.headers) : extracted;
    const related = this.#isTraced ? [extracted, event, replayedBy] : [];
    return { parent, links: linksTo(related.filter((one) => one !== undefined)) };
  }
}
