import type { StreamId } from '../event-store/stream-id.ts';
import { EventSourcingError } from './event-sourcing-error.ts';

/** An aggregate was asked for that has no events. Code `ES_AGGREGATE_NOT_FOUND`. */
export class AggregateNotFoundError extends EventSourcingError {
  /** The stream that does not exist. */
  readonly stream: StreamId;

  constructor(stream: StreamId) {
    super(
      'ES_AGGREGATE_NOT_FOUND',
      `${stream.aggregateType} ${stream.aggregateId} has no events in this store. Check the id and the store, or create it with createNew().`,
    );
    this.stream = stream;
  }
}
