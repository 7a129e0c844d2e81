import assert from 'node:assert/strict';
import { type EventDraft, hasErrorCode } from '@es/core';
import { comparable, type DraftFor } from './scenario-events.ts';

/** What an error must be like: have a code (a string), a message (a pattern), a class, or please a function. */
export type ErrorMatcher = string | RegExp | (abstract new (...args: never[]) => Error) | { readonly matches: (error: unknown) => boolean };

/** How what was done ended. */
export type Result<Event, State> = { readonly events: readonly Event[]; readonly state: State } | { readonly error: unknown };

/** What came of an action; says by assertion errors what should have. */
export class ScenarioOutcome<Event extends EventDraft, State> {
  readonly #result: Result<Event, State>;

  constructor(result: Result<Event, State>) {
    this.#result = result;
  }

  /**
   * Expects exactly these events, in this order; compares type, data, metadata and tags, not ids and times. Without arguments: that nothing
   * happened.
   *
   * Not called `then`, since that would make this an object that `await` takes for a promise.
   */
  thenEvents(...expected: readonly DraftFor<Event>[]): this {
    const drafts: readonly EventDraft[] = expected;
    assert.deepEqual(
      this.#success(`events ${drafts.map(({ type }) => type).join(', ') || '(none)'}`).events.map(comparable),
      drafts.map(comparable),
    );
    return this;
  }

  /** Expects the state to be deeply equal to this one. */
  thenState(expected: State): this {
    assert.deepEqual(this.#success('a state').state, expected);
    return this;
  }

  /** Expects an error: a string is its `code`, a pattern fits its message. */
  thenThrows(expected: ErrorMatcher): void {
    const wanted = describeMatcher(expected);
    if (!('error' in this.#result)) {
      const happened = this.#result.events.map(({ type }) => type).join(', ');
      assert.fail(`Expected an error ${wanted}, but it succeeded with ${happened === '' ? 'no events' : `the events ${happened}`}.`);
    }
    const { error } = this.#result;
    if (!matches(error, expected))
      throw new assert.AssertionError({
        message: `Expected an error ${wanted}, but it failed with ${describeError(error)}`,
        actual: error,
      });
  }

  #success(wanted: string): Exclude<Result<Event, State>, { error: unknown }> {
    if (!('error' in this.#result)) return this.#result;
    throw new assert.AssertionError({
      message: `Expected ${wanted}, but it failed with ${describeError(this.#result.error)}`,
      actual: this.#result.error,
    });
  }
}

function matches(error: unknown, matcher: ErrorMatcher): boolean {
  if (typeof matcher === 'string') return hasErrorCode(error, matcher);
  if (matcher instanceof RegExp) return error instanceof Error && matcher.test(error.message);
  return typeof matcher === 'function' ? error instanceof matcher : matcher.matches(error);
}

function describeMatcher(matcher: ErrorMatcher): string {
  if (typeof matcher === 'string') return `with the code ${matcher}`;
  if (matcher instanceof RegExp) return `with a message like ${matcher}`;
  return typeof matcher === 'function' ? `of the class ${matcher.name}` : 'that the matcher accepts';
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.name}${'code' in error ? ` ${String(error.code)}` : ''}: ${error.message}`;
}
