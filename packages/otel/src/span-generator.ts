import type { ActiveSpan } from './active-span.ts';
import { SpanIterator } from './span-iterator.ts';

/** Starts the span of an iteration at its first pull; `undefined` leaves it untraced. */
export type StartSpan = () => ActiveSpan | undefined;

/**
 * Puts a fresh generator's iteration under one span: started at the first pull, current while the generator works and not in between, ended
 * when it returns, throws or is abandoned. It is the same generator that is handed back, so its prototype's helpers work as before.
 */
export function traceGenerator<T, TReturn, TNext>(generator: Generator<T, TReturn, TNext>, start: StartSpan): Generator<T, TReturn, TNext> {
  const next = generator.next.bind(generator);
  const close = generator.return.bind(generator);
  const raise = generator.throw.bind(generator);
  let active: ActiveSpan | undefined;
  let pulled = false;

  function step(resume: () => IteratorResult<T, TReturn>, last = false): IteratorResult<T, TReturn> {
    if (active === undefined || active.ended) return resume();
    try {
      const result = active.run(resume);
      if (last || result.done === true) active.end();
      return result;
    } catch (error) {
      active.fail(error);
      throw error;
    }
  }

  return own(generator, {
    next: (...sent: [] | [TNext]) => {
      if (!pulled) active = start();
      pulled = true;
      return step(() => next(...sent));
    },
    return: (value: TReturn) => {
      pulled = true;
      return step(() => close(value), true);
    },
    throw: (error: unknown) => {
      pulled = true;
      return step(() => raise(error));
    },
  });
}

/** Does for an async generator what {@link traceGenerator} does for a synchronous one. */
export function traceAsyncGenerator<T, TReturn, TNext>(
  generator: AsyncGenerator<T, TReturn, TNext>,
  start: StartSpan,
): AsyncGenerator<T, TReturn, TNext> {
  const source: AsyncIterator<T, TReturn, TNext> = {
    next: generator.next.bind(generator),
    return: generator.return.bind(generator),
    throw: generator.throw.bind(generator),
  };
  const iterator = new SpanIterator({ start, open: () => source });
  return own(generator, {
    next: (...sent: [] | [TNext]) => iterator.next(...sent),
    return: (value: TReturn | PromiseLike<TReturn>) => iterator.return(value),
    throw: (error: unknown) => iterator.throw(error),
  });
}

function own<G extends object>(generator: G, methods: Record<string, unknown>): G {
  for (const [name, value] of Object.entries(methods))
    Object.defineProperty(generator, name, { value, configurable: true, writable: true });
  return generator;
}
