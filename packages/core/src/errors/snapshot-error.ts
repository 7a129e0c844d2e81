import type { StreamId } from '../event-store/stream-id.ts';
import { EventSourcingError } from './event-sourcing-error.ts';

/** A stored snapshot can't be used. Code `ES_SNAPSHOT_CORRUPT`. Repositories meet it by replaying the events; nothing is lost. */
export class SnapshotError extends EventSourcingError {
  constructor(stream: StreamId, reason: string, options?: ErrorOptions) {
    super(
      'ES_SNAPSHOT_CORRUPT',
      `The snapshot of ${stream.aggregateType} ${stream.aggregateId} can't be used: ${reason}. Delete it; the aggregate is rebuilt from its events.`,
      options,
    );
  }
}
