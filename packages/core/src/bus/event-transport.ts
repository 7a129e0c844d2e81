import type { Attributes } from '@es/otel';
import type { DeadLetterStore } from '../dead-letter/dead-letter-store.ts';
import type { DomainEvent } from '../events/event.ts';

/** Text fields that travel beside a message's body: trace context, baggage, what a codec adds. */
export type MessageHeaders = Readonly<Record<string, string>>;

/** The way a message takes. */
export interface Route {
  /** Topic, exchange or bus that it is published to. */
  readonly destination: string;
  /** What else of the way belongs onto the span of this one message: its key, partition, offset, routing key. */
  readonly attributes?: Attributes;
}

/** A message to send: one event. */
export interface OutgoingMessage {
  /** With data as JSON, checked. */
  readonly event: DomainEvent;
  /** To be sent as they are; they carry the context of the producer span. */
  readonly headers: MessageHeaders;
  readonly route: Route;
}

/** A message as it came, before anything is made of it. */
export interface IncomingMessage {
  readonly route: Route;
  readonly headers: MessageHeaders;
  readonly body: string | Uint8Array;
  /**
   * Resolves to whether an earlier delivery of this message, which the broker took back while it was in hand, was settled after all. Asked when the
   * message's turn comes, which is after that of the earlier one; if so, it is done without being handled again. Absent where there was none.
   */
  readonly wasSettled?: () => Promise<boolean>;
}

/** What of a transport never changes and goes onto its spans, metrics and dead letters. */
export interface TransportDescription {
  /** First word of messages, such as `KafkaEventBus`. */
  readonly component: string;
  /** Name and version of the adapter's package: the instrumentation scope. */
  readonly scope: { readonly name: string; readonly version: string };
  /** Name of the logger, such as `eventsource.bus.kafka`. */
  readonly logger: string;
  /** `messaging.system`, such as `kafka`. */
  readonly system: string;
  /** `messaging.operation.name` of publishing, in the system's own words: `send`, `publish`. */
  readonly publishOperation: string;
  /** Name of the producer span; default: the operation and the destination. */
  readonly publishSpan?: string;
  /** Name under which this bus competes for messages with others. */
  readonly consumerGroup?: string;
  /** Attributes of low cardinality for its spans and metrics, such as the server's address. */
  readonly attributes: Attributes;
  /** Whose dead letters these are: the consumer group, or the bus where there is none. */
  readonly deadLetterSource: string;
}

/**
 * Takes one message from a transport. Resolves when the message may be acknowledged: every handler succeeded, or its dead letter is kept.
 * While that has not happened, or when it rejects, the message is not done and must be delivered again.
 *
 * It never runs two messages of one aggregate at the same time and keeps them in the order of the calls, so a transport hands messages over
 * as they come, without waiting. No handler is called before it returns.
 *
 * The signal is aborted when the broker will deliver the message again whatever becomes of it: the connection is lost, or the partition someone
 * else's. No handler is then called any more, and it rejects with an AbortedError; one that is at work comes to its end.
 */
export type ReceiveMessage = (message: IncomingMessage, signal?: AbortSignal) => Promise<void>;

/** Messages that a broker holds for a consumer group and that the group is not done with. */
export interface ConsumerLag {
  readonly destination: string;
  /** Partition of a topic, or of the group's queues; absent where there is only one. */
  readonly partition?: string;
  /** How many: those that wait and those in hand. */
  readonly messages: number;
}

/** Learns from a transport what it goes through. */
export interface TransportObserver {
  /** A connection that was lost is established again. */
  reconnected(): void;
  /** The partitions of the consumer group are distributed anew. */
  rebalanced(): void;
}

/**
 * What an adapter implements under an event bus: transport alone. Core checks events, calls handlers, retries, keeps order, writes dead
 * letters, traces and measures around it.
 */
export interface EventTransport {
  readonly description: TransportDescription;
  /** Where its dead letters go unless the user names another place: kept by the broker itself. Closed by `close`. */
  readonly deadLetters?: DeadLetterStore;
  /** Messages that it took and did not hand over, where closing loses them; absent where a broker keeps them. */
  readonly undelivered?: number;
  /** Told once, before anything else is called, whom to tell what it goes through; absent where there is nothing to tell. */
  observe?(observer: TransportObserver): void;
  /** Asks the broker how far the consumer group is behind; called while it consumes. */
  lag?(): Promise<readonly ConsumerLag[]>;
  /** Where an event goes. */
  routeOf(event: DomainEvent): Route;
  /**
   * Sends messages, at least one, keeping their order within an aggregate; resolves when all are confirmed. Messages get into order when this
   * is called, not when it resolves.
   */
  send(messages: readonly OutgoingMessage[], signal?: AbortSignal): Promise<void>;
  /**
   * Makes an event of a message, with data as JSON.
   *
   * @throws Error that says what is wrong, without the message's contents.
   */
  decode(message: IncomingMessage): DomainEvent;
  /** Begins to hand messages over; resolves when it does. Called once, unless it rejected. */
  start(receive: ReceiveMessage): Promise<void>;
  /** Takes no further messages from the broker, also while `start` is at work; what was handed over can still be acknowledged, and sending goes on. */
  pause(): Promise<void>;
  /** Lets go of what it opened itself. What has been handed over and not acknowledged is delivered again to someone else. Called once. */
  close(): Promise<void>;
}
