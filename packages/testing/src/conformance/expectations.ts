import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { hasErrorCode } from '@es/core';

/** Expects a promise to reject with an error of a stable code. Returns the error, to look at what else it says. */
export async function rejectsWith(code: string, promise: Promise<unknown>): Promise<object> {
  const result = await settled(promise);
  if ('value' in result) assert.fail(`Expected an error with the code ${code}, but it succeeded.`);
  const { error } = result;
  if (!hasErrorCode(error, code)) assert.fail(`Expected an error with the code ${code}, but it failed with ${describe(error)}.`);
  return error as object;
}

/** Expects an error to say, in its properties, what it is about. */
export function errorSays(error: object, properties: Readonly<Record<string, unknown>>): void {
  const actual = Object.fromEntries(Object.keys(properties).map((key) => [key, (error as Record<string, unknown>)[key]]));
  assert.deepEqual(actual, properties);
}

/** Expects two long lists of plain values to be the same; says where they first differ, which is readable at any length. */
export function sameItems(actual: readonly unknown[], expected: readonly unknown[], what = 'the list'): void {
  const index = expected.findIndex((item, place) => !Object.is(item, actual[place]));
  if (index >= 0)
    assert.fail(`${what}: item ${index} of ${expected.length} should be ${String(expected[index])}, but is ${String(actual[index])}`);
  assert.equal(actual.length, expected.length, `length of ${what}`);
}

/** Expects two long lists to hold deeply equal items; shows the first that differs. */
export function equalItems(actual: readonly unknown[], expected: readonly unknown[], what = 'the list'): void {
  for (const [index, item] of expected.entries()) {
    if (!isDeepStrictEqual(actual[index], item)) assert.deepEqual(actual[index], item, `item ${index} of ${what}`);
  }
  assert.equal(actual.length, expected.length, `length of ${what}`);
}

/** What became of promises that ran at the same time. */
export interface RaceResult<T> {
  readonly won: readonly T[];
  readonly lost: readonly unknown[];
}

/** Waits for all promises and sorts their results. */
export async function race<T>(promises: readonly Promise<T>[]): Promise<RaceResult<T>> {
  const won: T[] = [];
  const lost: unknown[] = [];
  for (const result of await Promise.allSettled(promises)) {
    if (result.status === 'fulfilled') won.push(result.value);
    else lost.push(result.reason);
  }
  return { won, lost };
}

/** Expects every error to have a stable code. */
export function allHaveCode(code: string, errors: readonly unknown[]): void {
  for (const error of errors)
    if (!hasErrorCode(error, code)) assert.fail(`Expected an error with the code ${code}, found ${describe(error)}.`);
}

async function settled(promise: Promise<unknown>): Promise<{ value: unknown } | { error: unknown }> {
  try {
    return { value: await promise };
  } catch (error) {
    return { error };
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name} ${'code' in error ? String(error.code) : ''}: ${error.message}` : String(error);
}
