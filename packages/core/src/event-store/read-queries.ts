import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { AllQuery, StreamQuery } from './event-storage.ts';
import type { GetEventsOptions, ReadAllOptions } from './event-store.ts';
import { assertStreamId, type StreamId } from './stream-id.ts';

/**
 * Checks the options of `getEvents` and fills in what was left out.
 *
 * @throws InvalidArgumentError when a bound is not a whole number, or the direction is unknown.
 */
export function streamQuery(stream: StreamId, options: GetEventsOptions): StreamQuery {
  assertStreamId(stream, 'getEvents');
  const direction = options.direction ?? 'forward';
  if (direction !== 'forward' && direction !== 'backward') {
    throw new InvalidArgumentError(`getEvents knows the directions 'forward' and 'backward'; it got ${String(direction)}.`);
  }
  return {
    stream,
    fromVersion: wholeNumber('getEvents', 'fromVersion', options.fromVersion, 1, 1),
    toVersion: wholeNumber('getEvents', 'toVersion', options.toVersion, Number.MAX_SAFE_INTEGER, 0),
    limit: wholeNumber('getEvents', 'limit', options.limit, Number.MAX_SAFE_INTEGER, 0),
    direction,
  };
}

/**
 * Checks the options of `readAll` and fills in what was left out.
 *
 * @throws InvalidArgumentError when a position is not a bigint from 0, the limit not a whole number, or a filter is empty.
 */
export function allQuery(options: ReadAllOptions): AllQuery {
  return {
    after: position('after', options.after) ?? 0n,
    upTo: position('upTo', options.upTo),
    limit: wholeNumber('readAll', 'limit', options.limit, Number.MAX_SAFE_INTEGER, 0),
    types: words('types', options.types),
    aggregateTypes: words('aggregateTypes', options.aggregateTypes),
    tags: words('tags', options.tags),
    tenantId: options.tenantId,
  };
}

function wholeNumber(operation: string, name: string, value: number | undefined, otherwise: number, minimum: number): number {
  if (value === undefined) return otherwise;
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new InvalidArgumentError(`${operation} needs a ${name} that is a whole number from ${minimum}; it got ${String(value)}.`);
  }
  return value;
}

function position(name: string, value: bigint | undefined): bigint | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'bigint' || value < 0n) {
    throw new InvalidArgumentError(
      `readAll needs a position \`${name}\` that is a bigint from 0n; it got ${String(value)}. Positions in JSON are decimal strings: use BigInt(text).`,
    );
  }
  return value;
}

function words(name: string, value: readonly string[] | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (value.length === 0)
    throw new InvalidArgumentError(
      `readAll got an empty list of ${name}, which would match nothing; leave the filter out to read everything.`,
    );
  return [...new Set(value)];
}
