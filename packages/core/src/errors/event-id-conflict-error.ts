import type { StreamId } from '../event-store/stream-id.ts';
import { EventSourcingError } from './event-sourcing-error.ts';

/** The id of an appended event already stands elsewhere in the store; nothing was written. Code `ES_EVENT_ID_CONFLICT`. */
export class EventIdConflictError extends EventSourcingError {
  /** The stream that was appended to. */
  readonly stream: StreamId;
  /** The id that is taken. */
  readonly eventId: string;

  constructor(stream: StreamId, eventId: string) {
    super(
      'ES_EVENT_ID_CONFLICT',
      `Append to ${stream.aggregateType} ${stream.aggregateId} uses the event id ${eventId}, which already stands at another place in this store. ` +
        'Nothing was written. A retried append must hold the same events in the same order; a new event needs a new id.',
    );
    this.stream = stream;
    this.eventId = eventId;
  }
}
