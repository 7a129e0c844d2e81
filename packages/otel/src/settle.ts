/**
 * Calls `run`, tells which way it went, and hands on its result or its error unchanged.
 *
 * A thenable has its `then` called once, here, and what that returns is handed on: a lazy one (a query builder) would run twice otherwise.
 */
export function settle<T>(run: () => T, succeeded: () => void, failed: (error: unknown) => void): T {
  let result: T;
  try {
    result = run();
  } catch (error) {
    failed(error);
    throw error;
  }
  if (!isThenable(result)) {
    succeeded();
    return result;
  }
  const settled = result.then(
    (value: unknown) => {
      succeeded();
      return value;
    },
    (error: unknown) => {
      failed(error);
      throw error;
    },
  );
  return settled as T;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false;
  return typeof (value as Partial<PromiseLike<unknown>>).then === 'function';
}
