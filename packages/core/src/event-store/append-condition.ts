import { InvalidArgumentError } from '../errors/argument-error.ts';

/**
 * What a caller expects of a stream before an append: its exact version (0: it does not exist), `no-stream` (the same as 0), `stream-exists`
 * (any version from 1), or `any` (no expectation: never a conflict).
 */
export type ExpectedVersion = number | 'any' | 'no-stream' | 'stream-exists';

/** The condition under which an append may write; an object, so that further kinds of condition can join. */
export interface AppendCondition {
  readonly expectedVersion: ExpectedVersion;
}

/** Tells whether a stream that stands at `actualVersion` (0: does not exist) meets the expectation. */
export function meetsExpectedVersion(expected: ExpectedVersion, actualVersion: number): boolean {
  if (expected === 'any') return true;
  if (expected === 'stream-exists') return actualVersion > 0;
  return actualVersion === (expected === 'no-stream' ? 0 : expected);
}

/**
 * The version at which a stream must stand, where the expectation names one.
 *
 * @returns the version, or `undefined` for `any` and `stream-exists`.
 */
export function exactVersion(expected: ExpectedVersion): number | undefined {
  if (expected === 'no-stream') return 0;
  return typeof expected === 'number' ? expected : undefined;
}

/**
 * Checks that a value is an append condition.
 *
 * @throws InvalidArgumentError otherwise.
 */
export function assertAppendCondition(condition: AppendCondition): void {
  const expected: unknown = condition?.expectedVersion;
  if (expected === 'any' || expected === 'no-stream' || expected === 'stream-exists') return;
  if (typeof expected === 'number' && Number.isSafeInteger(expected) && expected >= 0) return;
  throw new InvalidArgumentError(
    `appendEvents needs a condition such as { expectedVersion: 3 }, with a whole number from 0, 'any', 'no-stream' or 'stream-exists'; it got ${String(expected)}.`,
  );
}
