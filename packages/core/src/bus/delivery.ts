import type { TraceContextFields } from '@es/otel';
import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import type { DomainEvent } from '../events/event.ts';
import type { TracedDelivery } from './attempt-telemetry.ts';
import type { IncomingMessage } from './event-transport.ts';
import type { Subscriber, Subscriptions } from './subscriptions.ts';

/** A dead letter that is tried again. */
export interface Replay {
  readonly letter: DeadLetter;
  /** Trace context of whoever asked for it. */
  readonly by: TraceContextFields | undefined;
}

/** Where a delivery comes from. */
export interface DeliveryOrigin {
  readonly replay?: Replay;
  readonly signal?: AbortSignal | undefined;
}

/** How a delivery ended: every handler succeeded, or these letters are kept. */
export type DeliveryOutcome = { readonly status: 'handled' } | { readonly status: 'failed'; readonly letters: readonly DeadLetter[] };

/** One message on its way to the handlers, until all have succeeded or it has become a dead letter. */
export class Delivery implements TracedDelivery {
  readonly message: IncomingMessage;
  readonly replay: Replay | undefined;
  /** Aborted when the transport delivers the message again anyway. */
  readonly signal: AbortSignal | undefined;
  /** As it came over the wire; absent when no event could be made of the message. */
  readonly event: DomainEvent | undefined;
  /** Why there is no event. */
  readonly fault: unknown;
  /** How it ended; absent until then. */
  outcome: DeliveryOutcome | undefined;
  #pending: readonly Subscriber[] | undefined;
  #hasSucceeded = false;

  constructor(message: IncomingMessage, read: () => DomainEvent, origin: DeliveryOrigin = {}) {
    this.message = message;
    this.replay = origin.replay;
    this.signal = origin.signal;
    try {
      this.event = read();
    } catch (error) {
      this.fault = error;
    }
  }

  get replayedBy(): TraceContextFields | undefined {
    return this.replay?.by;
  }

  /** Deliveries of one lane must not overtake each other. One without an event goes by itself. */
  get lane(): string | symbol {
    const { event } = this;
    // Length-prefixed, so that no two aggregates share a lane.
    return event === undefined ? Symbol('undecodable') : `${event.aggregateType.length}:${event.aggregateType}${event.aggregateId}`;
  }

  /** Who is still to be called: at first all who want the event now, on a replay the one whose letter it is. */
  pending(subscriptions: Subscriptions, type: string): readonly Subscriber[] {
    const only = this.replay?.letter.handler;
    if (this.#pending !== undefined) this.#pending = this.#pending.filter((subscriber) => subscriptions.has(subscriber));
    else this.#pending = only === undefined ? subscriptions.of(type) : subscriptions.of(type).filter(({ name }) => name === only);
    return this.#pending;
  }

  /** Leaves this one out of further attempts. */
  succeeded(subscriber: Subscriber): void {
    this.#pending = this.#pending?.filter((other) => other !== subscriber);
    this.#hasSucceeded = true;
  }

  /** Whether any handler has succeeded: an event may have none. */
  get hasSucceeded(): boolean {
    return this.#hasSucceeded;
  }

  /** The letter that says of this handler what a new one would say again. */
  letterOf(handler: string | undefined): DeadLetter | undefined {
    const letter = this.replay?.letter;
    return letter !== undefined && letter.handler === handler ? letter : undefined;
  }
}
