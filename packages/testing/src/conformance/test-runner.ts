/** The functions of a test runner that a conformance suite needs: those of vitest and node:test fit as they are. */
export interface TestRunner {
  readonly describe: (name: string, define: () => void) => unknown;
  readonly test: (name: string, run: (...context: unknown[]) => Promise<void>) => unknown;
  /**
   * Shows a test that can't apply, with the reason. Left out, the test itself calls `skip(reason)` on the context that the runner hands to
   * it, as vitest and node:test do. With Jest: `(name, reason) => test.skip(`${name} (${reason})`, () => {})`.
   */
  readonly skip?: (name: string, reason: string) => unknown;
}

/** Shows a test as skipped, with the reason. */
export function skipTest(runner: TestRunner, name: string, reason: string): void {
  if (runner.skip !== undefined) runner.skip(name, reason);
  else void runner.test(name, async (...[context]) => skipThrough(context, reason));
}

function skipThrough(context: unknown, reason: string): void {
  if (!hasSkip(context)) {
    throw new TypeError(
      `This test would be skipped (${reason}), but the runner hands no context with a skip function to its tests. Give the suite \`runner: { describe, test, skip: (name, reason) => … }\`.`,
    );
  }
  context.skip(reason);
}

function hasSkip(context: unknown): context is { skip(reason: string): void } {
  // The context of vitest is itself a function.
  const hasProperties = (typeof context === 'object' && context !== null) || typeof context === 'function';
  return hasProperties && 'skip' in context && typeof context.skip === 'function';
}
