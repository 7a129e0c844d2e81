import { EventSourcingError } from './event-sourcing-error.ts';

/** A stored event can't be brought to the schema version of this code. Code `ES_UPCAST`. */
export class UpcastError extends EventSourcingError {
  /** The event's type. */
  readonly eventType: string;
  /** The event's id. */
  readonly eventId: string;
  /** The schema version with which it was stored. */
  readonly schemaVersion: number;

  constructor(
    event: { readonly type: string; readonly id: string; readonly schemaVersion: number },
    reason: string,
    options?: ErrorOptions,
  ) {
    super('ES_UPCAST', `Event ${event.id} (${event.type}, schema version ${event.schemaVersion}) can't be upcast: ${reason}`, options);
    this.eventType = event.type;
    this.eventId = event.id;
    this.schemaVersion = event.schemaVersion;
  }
}
