import type { DomainEvent } from '../events/event.ts';

/** What a handler learns beside its event. */
export interface HandlerContext {
  /** Name of the handler, as subscribed. */
  readonly handler: string;
  /** How often this handler has been given this event, this time included, from 1; replays count on. */
  readonly attempt: number;
  /** Aborted when the bus has no more time: the deadline of its `stop()` is over. */
  readonly signal: AbortSignal;
}

/**
 * Does something about an event. The event counts as handled when what this returns has settled; when it throws or rejects, it is called
 * again later. It may be called more than once for an event, and must bear that.
 */
export type EventHandler<Event extends DomainEvent = DomainEvent> = (event: Event, context: HandlerContext) => unknown;
