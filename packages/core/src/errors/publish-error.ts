import { EventSourcingError } from './event-sourcing-error.ts';

/**
 * Why events were not confirmed: `ES_PUBLISH_UNROUTABLE` (the broker has nowhere to put them), `ES_PUBLISH_REFUSED` (it will not have them),
 * `ES_PUBLISH_TOO_LARGE` (they exceed what it takes), `ES_PUBLISH_UNCONFIRMED` (no answer came: the connection was lost, or the deadline
 * passed; the broker may or may not have them).
 */
export type PublishErrorCode = 'ES_PUBLISH_REFUSED' | 'ES_PUBLISH_TOO_LARGE' | 'ES_PUBLISH_UNCONFIRMED' | 'ES_PUBLISH_UNROUTABLE';

/** An event of a publish that the broker did not confirm. */
export interface UnconfirmedEvent {
  readonly id: string;
  readonly type: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
}

/**
 * A publish failed for some or all of its events; every other one is confirmed. Publishing the unconfirmed ones again is safe: consumers may see
 * an event twice, with the same id.
 */
export class PublishError extends EventSourcingError {
  declare readonly code: PublishErrorCode;
  /** The events that were not confirmed, in the order in which they were given. */
  readonly unconfirmed: readonly UnconfirmedEvent[];

  /** @param message - What was tried, on what, why it failed, and what to do; without secrets. */
  constructor(code: PublishErrorCode, message: string, unconfirmed: readonly UnconfirmedEvent[], options?: ErrorOptions) {
    super(code, message, options);
    this.unconfirmed = unconfirmed;
  }
}
