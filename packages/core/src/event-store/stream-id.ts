import { InvalidArgumentError } from '../errors/argument-error.ts';
import { identifierRule, isIdentifier } from '../identifier.ts';

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
    if (!isIdentifier(value)) {
      throw new InvalidArgumentError(`${operation} needs a stream whose ${field} is ${identifierRule}; it got ${JSON.stringify(value)}.`);
    }
  }
}
