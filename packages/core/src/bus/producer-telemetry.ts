import {
  ATTR_ERROR_TYPE,
  type Attributes,
  createMetrics,
  createTracing,
  errorType,
  injectContext,
  METRIC_MESSAGING_OPERATION_DURATION,
  METRIC_SENT_MESSAGES,
  type Metrics,
  SpanKind,
  type Tracing,
} from '@es/otel';
import type { ComponentOptions } from '../component-options.ts';
import type { DomainEvent } from '../events/event.ts';
import { messagesAttributes, publishAttributes } from './bus-attributes.ts';
import type { MessageHeaders, OutgoingMessage, Route, TransportDescription } from './event-transport.ts';

/** Spans and metrics of publishing, the same for every bus. */
export class ProducerTelemetry {
  readonly #tracing: Tracing;
  readonly #metrics: Metrics;
  readonly #description: TransportDescription;

  constructor(description: TransportDescription, options: ComponentOptions) {
    const { name, version } = description.scope;
    this.#tracing = createTracing(name, { enabled: options.tracing ?? true, version });
    this.#metrics = createMetrics(name, { enabled: options.metrics ?? true, version });
    this.#description = description;
  }

  /** Traces and measures a publish. Every message gets the context of its span: with or without a caller's span, sampled or not. */
  publish(
    events: readonly { readonly event: DomainEvent; readonly route: Route }[],
    send: (messages: readonly OutgoingMessage[]) => Promise<void>,
  ): Promise<void> {
    const destinations = new Set(events.map(({ route }) => route.destination));
    const [destination] = destinations.size === 1 ? destinations : [];
    const attributes = publishAttributes(this.#description, destination);
    const messages = (headers: MessageHeaders): readonly OutgoingMessage[] => events.map(({ event, route }) => ({ event, route, headers }));
    return this.#tracing.span(
      this.#spanName(destination),
      () => ({ ...attributes, ...messagesAttributes(messages({})) }),
      () => this.#measured(attributes, events.length, () => send(messages(Object.freeze(injectContext<Record<string, string>>({}))))),
      { kind: SpanKind.PRODUCER },
    );
  }

  #spanName(destination: string | undefined): string {
    const { publishSpan, publishOperation } = this.#description;
    return publishSpan ?? (destination === undefined ? publishOperation : `${publishOperation} ${destination}`);
  }

  async #measured(attributes: Attributes, count: number, send: () => Promise<void>): Promise<void> {
    let failure: Attributes = {};
    try {
      await this.#metrics.time(METRIC_MESSAGING_OPERATION_DURATION, attributes, send);
    } catch (error) {
      failure = { [ATTR_ERROR_TYPE]: errorType(error) };
      throw error;
    } finally {
      this.#metrics.counter(METRIC_SENT_MESSAGES).add(count, { ...attributes, ...failure });
    }
  }
}
