import type { DeadLetter } from '../dead-letter/dead-letter.ts';
import type { DeadLetterStore } from '../dead-letter/dead-letter-store.ts';
import type { OperationOptions } from '../event-store/event-store.ts';
import type { DomainEvent } from '../events/event.ts';
import type { AnyEventDefinition, EventOf } from '../events/event-definition.ts';
import type { EventHandler } from './event-handler.ts';
import type { EventTypeSelector } from './event-selector.ts';

/** How a handler is subscribed. */
export interface SubscribeOptions {
  /**
   * Names the handler on its bus: in spans, metrics and logs, and in the dead letters by which it is found again, so keep it across releases.
   * Default: the function's own name, or else the event types.
   */
  readonly name?: string;
}

/** A handler on a bus. */
export interface EventSubscription {
  /** The handler's name. */
  readonly name: string;
  /** Takes the handler off the bus; what it is doing at the moment goes on. */
  unsubscribe(): void;
}

/** How a bus is stopped. */
export interface StopOptions {
  /** Time for what is in hand, in milliseconds; default 10 seconds. */
  readonly deadlineMs?: number;
}

/** How stopping went. */
export interface StopReport {
  /** Messages in hand that were neither handled nor kept as dead letters in time. A broker delivers them again; in memory they are gone. */
  readonly unfinished: number;
}

/** Which dead letters to replay. */
export interface ReplayDeadLettersOptions extends OperationOptions {
  /** Only those of this handler. */
  readonly handler?: string;
}

/**
 * How the replay of one dead letter ended: `handled` (and removed), `failed` again (and kept), `no-handler` subscribed on this bus that it
 * could be given to (and kept), or `not-found` among the letters of this bus.
 */
export type ReplayOutcome =
  | { readonly status: 'handled' }
  | { readonly status: 'failed'; readonly letters: readonly DeadLetter[] }
  | { readonly status: 'no-handler' }
  | { readonly status: 'not-found' };

/** How many dead letters a replay has got rid of, and how many it has kept and why. */
export interface ReplayReport {
  readonly handled: number;
  readonly failed: number;
  readonly noHandler: number;
}

/**
 * Carries events from those who publish to those who subscribed.
 *
 * - At least once: an event that was published is given to every handler that wants it until that succeeds, or is kept as a dead letter of
 *   that handler. A handler may see an event twice.
 * - In order: the events of one aggregate are handled one after another as they were published, also while one of them is being retried.
 *   Different aggregates are handled at the same time.
 * - Handlers that are subscribed to one bus share its deliveries: each is retried by itself, and what succeeded is not repeated.
 * - A handler runs in the message context of its event, so that what it causes carries correlation and causation on, and inside the trace in
 *   which the event was published.
 *
 * Every operation fails with a ClosedError after `stop()`, and with an AbortedError when its signal is aborted.
 */
export interface EventBus extends AsyncDisposable {
  /** Where events go that could not be handled. */
  readonly deadLetters: DeadLetterStore;
  /**
   * Publishes events; resolves when the bus has them, without waiting for handlers. An empty list does nothing.
   *
   * @throws InvalidArgumentError, EventDataError or UnknownEventTypeError when an event is not valid; nothing was published then.
   */
  publish(events: readonly DomainEvent[], options?: OperationOptions): Promise<void>;
  /**
   * Has a handler called for the events of some types, from now on.
   *
   * @param events - Definitions, by which the events are decoded and typed; or types, or `ALL_EVENTS`.
   * @throws InvalidArgumentError when the name is taken; EventDefinitionError when another definition of a type is in use on this bus.
   */
  subscribe<const Definition extends AnyEventDefinition>(
    events: Definition | readonly Definition[],
    handler: EventHandler<EventOf<Definition>>,
    options?: SubscribeOptions,
  ): EventSubscription;
  subscribe(events: EventTypeSelector, handler: EventHandler, options?: SubscribeOptions): EventSubscription;
  /** Begins to call handlers; resolves when the bus is ready. Calling it again does nothing. */
  startConsuming(options?: OperationOptions): Promise<void>;
  /** Handles a dead letter of this bus again, by the handler that failed; removes it when that succeeded. */
  replayDeadLetter(id: string, options?: OperationOptions): Promise<ReplayOutcome>;
  /** Replays the dead letters of this bus that exist now, oldest first, one after another. Those that succeed are removed one by one. */
  replayDeadLetters(options?: ReplayDeadLettersOptions): Promise<ReplayReport>;
  /** Takes no more events, finishes those in hand within a deadline, and lets go of everything. Every call waits for the first one's end. */
  stop(options?: StopOptions): Promise<StopReport>;
}
