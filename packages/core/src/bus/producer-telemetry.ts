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
import type { PublishError } from '../errors/publish-error.ts';
import type { DomainEvent } from '../events/event.ts';
import { messagesAttributes, publishAttributes } from './bus-attributes.ts';
import type { MessageHeaders, OutgoingMessage, Route, TransportDescription } from './event-transport.ts';

/** Spans and metrics of publishing, the same for every bus. */
export class ProducerTelemetry {
  readonly #tracing: Tracing;
  readonly #metrics: Metrics;
  readonly #description: TransportDescription;
  readonly #byDestination = new Map<string | undefined, Attributes>();

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
    const destination = onlyDestinationOf(events);
    const attributes = this.#attributes(destination);
    const messages = (headers: MessageHeaders): readonly OutgoingMessage[] => events.map(({ event, route }) => ({ event, route, headers }));
    return this.#tracing.span(
      this.#spanName(destination),
      () => ({ ...attributes, ...messagesAttributes(messages({})) }),
      () => this.#counted(attributes, events.length, () => send(messages(Object.freeze(injectContext<Record<string, string>>({}))))),
      { kind: SpanKind.PRODUCER, timer: this.#metrics.timer(METRIC_MESSAGING_OPERATION_DURATION, attributes) },
    );
  }

  /** Made once for each destination: there are few of those, and many messages. */
  #attributes(destination: string | undefined): Attributes {
    const known = this.#byDestination.get(destination);
    if (known !== undefined) return known;
    const attributes = Object.freeze(publishAttributes(this.#description, destination));
    this.#byDestination.set(destination, attributes);
    return attributes;
  }

  #spanName(destination: string | undefined): string {
    const { publishSpan, publishOperation } = this.#description;
    return publishSpan ?? (destination === undefined ? publishOperation : `${publishOperation} ${destination}`);
  }

  async #counted(attributes: Attributes, count: number, send: () => Promise<void>): Promise<void> {
    try {
      await send();
      this.#sent(count, attributes);
    } catch (error) {
      const failed = unconfirmedIn(error) ?? count;
      this.#sent(count - failed, attributes);
      this.#sent(failed, { ...attributes, [ATTR_ERROR_TYPE]: errorType(error) });
      throw error;
    }
  }

  #sent(count: number, attributes: Attributes): void {
    if (count > 0) this.#metrics.counter(METRIC_SENT_MESSAGES).add(count, attributes);
  }
}

function onlyDestinationOf(events: readonly { readonly route: Route }[]): string | undefined {
  const destination = events[0]?.route.destination;
  return events.every(({ route }) => route.destination === destination) ? destination : undefined;
}

/** How many events a failed publish leaves unconfirmed, if the error says so; also an error of another copy of this package. */
function unconfirmedIn(error: unknown): number | undefined {
  const { unconfirmed } = (error ?? {}) as Partial<PublishError>;
  return Array.isArray(unconfirmed) ? unconfirmed.length : undefined;
}
