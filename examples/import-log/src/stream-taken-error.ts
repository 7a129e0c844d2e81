import type { ConcurrencyError, StreamId } from '@es/core';

/** A stream holds other events than those of the log. The event was not appended. */
export class StreamTakenError extends Error {
  override readonly name = 'StreamTakenError';
  readonly code = 'STREAM_TAKEN';

  constructor({ aggregateType, aggregateId }: StreamId, line: number, version: number, cause: ConcurrencyError) {
    super(
      `Line ${line} is event ${version} of ${aggregateType} ${aggregateId}, but its stream stands at version ${cause.actualVersion}: ` +
        'it holds events that are not from this log. Import the log into a store of its own.',
      { cause },
    );
  }
}
