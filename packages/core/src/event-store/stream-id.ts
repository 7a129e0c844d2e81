import { InvalidArgumentError } from '../errors/argument-error.ts';

/** Names a stream: the events of one aggregate. */
export interface StreamId {
  /** Kind of the aggregate, such as `Task`. */
  readonly aggregateType: string;
  /** Id of the aggregate within its type. */
  readonly aggregateId: string;
}

/**
 * Checks that a value names a stream.
 *
 * @throws InvalidArgumentError when type or id is missing or empty.
 */
export function assertStreamId(stream: StreamId, operation: string): void {
  for (const field of ['aggregateType', 'aggregateId'] as const) {
    const value: unknown = stream?.[field];
    if (typeof value !== 'string' || value === '') {
      throw new InvalidArgumentError(`${operation} needs a stream with a non-empty string \`${field}\`; it got ${JSON.stringify(value)}.`);
    }
  }
}
