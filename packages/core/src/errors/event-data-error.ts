import { EventSourcingError } from './event-sourcing-error.ts';

/** One field of an event's data that is wrong: where it is, as a path such as `items[2].price` (empty for the whole), and why. */
export interface EventDataIssue {
  readonly path: string;
  readonly message: string;
}

/** Data of an event fails its schema or can't be stored as JSON; nothing was written. Code `ES_INVALID_EVENT_DATA`. */
export class EventDataError extends EventSourcingError {
  /** The event's type. */
  readonly eventType: string;
  /** The event's id, once it has one. */
  readonly eventId: string | undefined;
  /** Every field that is wrong; values are left out, since they may be confidential. */
  readonly issues: readonly EventDataIssue[];

  constructor(eventType: string, eventId: string | undefined, issues: readonly EventDataIssue[], options?: ErrorOptions) {
    const event = eventId === undefined ? `a new ${eventType} event` : `event ${eventId} (${eventType})`;
    const fields = issues.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`)).join('; ');
    super('ES_INVALID_EVENT_DATA', `The data of ${event} is not valid: ${fields}`, options);
    this.eventType = eventType;
    this.eventId = eventId;
    this.issues = issues;
  }
}
