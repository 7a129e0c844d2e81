import type { ExpectedVersion } from '../event-store/append-condition.ts';
import type { StreamId } from '../event-store/stream-id.ts';
import { EventSourcingError } from './event-sourcing-error.ts';

/** Someone else appended to the stream in between; nothing was written. Code `ES_CONCURRENCY`. Load again, decide again, and retry. */
export class ConcurrencyError extends EventSourcingError {
  /** The stream that was appended to. */
  readonly stream: StreamId;
  /** What the caller expected the stream's version to be. */
  readonly expectedVersion: ExpectedVersion;
  /** The version at which the stream really stands; 0 when it does not exist. */
  readonly actualVersion: number;

  constructor(stream: StreamId, expectedVersion: ExpectedVersion, actualVersion: number) {
    super(
      'ES_CONCURRENCY',
      `Append to ${stream.aggregateType} ${stream.aggregateId} expected ${describe(expectedVersion)}, but the stream ` +
        `${actualVersion === 0 ? 'does not exist' : `is at version ${actualVersion}`}. Nothing was written; load the aggregate again and retry.`,
    );
    this.stream = stream;
    this.expectedVersion = expectedVersion;
    this.actualVersion = actualVersion;
  }
}

function describe(expected: ExpectedVersion): string {
  if (expected === 'no-stream') return 'that the stream does not exist';
  if (expected === 'stream-exists') return 'that the stream exists';
  return `version ${expected}`;
}
