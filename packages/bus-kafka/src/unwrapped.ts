/** What instrumentation put its own function in the place of, or the function itself where it did not. */
export function unwrapped<F extends (...args: never[]) => unknown>(fn: F): F {
  const original: unknown = '__original' in fn ? fn.__original : undefined;
  return typeof original === 'function' ? (original as F) : fn;
}
