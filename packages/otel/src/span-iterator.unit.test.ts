import { setImmediate as nextTurn } from 'node:timers/promises';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { registerTracing, unregisterAll } from './sdk.fixture.ts';
import { createTracing, type Tracing } from './tracing.ts';

afterEach(unregisterAll);

const tracing: Tracing = createTracing('orders');
const currentName = () => (trace.getActiveSpan() as { name?: string } | undefined)?.name;

/** Yields one to three, each after a turn of the event loop; tells which span was current and that it was closed. */
function numbers(seen: (string | undefined)[] = [], closed = vi.fn()): AsyncIterable<number> {
  return (async function* () {
    try {
      for (const number of [1, 2, 3]) {
        seen.push(currentName());
        await nextTurn();
        seen.push(currentName());
        yield number;
      }
    } finally {
      seen.push(currentName());
      closed();
    }
  })();
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

test('without an SDK the items pass through and open gets no span', async () => {
  const open = vi.fn((..._args: unknown[]) => numbers());
  const items = tracing.iterate('read', {}, open);
  expect(open).not.toHaveBeenCalled();
  expect(await collect(items)).toEqual([1, 2, 3]);
  expect(open.mock.calls).toEqual([[undefined]]);
});

describe('with an SDK', () => {
  test('one span spans the whole iteration, with onEnd just before its end', async () => {
    const recorder = registerTracing();
    const open = vi.fn((span?: unknown) => {
      expect(trace.getActiveSpan()).toBe(span);
      return numbers();
    });
    let count = 0;
    const items = tracing.iterate('read', { first: 1 }, open, { onEnd: (span) => span.setAttribute('count', count) });
    expect(recorder.started).toBe(0);
    for await (const _ of items) {
      count++;
      expect(recorder.started).toBe(1);
      expect(recorder.names).toEqual([]);
    }
    expect(recorder.names).toEqual(['read']);
    expect(recorder.one('read').attributes).toEqual({ first: 1, count: 3 });
    expect(recorder.one('read').status.code).toBe(SpanStatusCode.UNSET);
  });

  test('the span is current in the source, before and after its awaits, and not in the consumer between two pulls', async () => {
    registerTracing();
    const inSource: (string | undefined)[] = [];
    const inConsumer: (string | undefined)[] = [];
    await tracing.span('consumer', async () => {
      for await (const _ of tracing.iterate('read', {}, () => numbers(inSource))) {
        inConsumer.push(currentName());
        await nextTurn();
        inConsumer.push(currentName());
      }
      inConsumer.push(currentName());
    });
    expect(new Set(inSource)).toEqual(new Set(['read']));
    expect(new Set(inConsumer)).toEqual(new Set(['consumer']));
  });

  test('the parent is the span that was current when iterate was called, not at the first pull', async () => {
    const recorder = registerTracing();
    const items = tracing.span('caller', () => tracing.iterate('read', {}, () => numbers()));
    await tracing.span('consumer', () => collect(items));
    expect(recorder.one('read').parentSpanContext).toEqual(recorder.one('caller').spanContext());
  });

  test('every iteration of the same iterable has its own span and its own source', async () => {
    const recorder = registerTracing();
    const open = vi.fn(() => numbers());
    const items = tracing.iterate('read', {}, open);
    await Promise.all([collect(items), collect(items)]);
    expect(recorder.names).toEqual(['read', 'read']);
    expect(open).toHaveBeenCalledTimes(2);
  });

  test('break ends the span without an error, once, and closes the source inside it', async () => {
    const recorder = registerTracing();
    const seen: (string | undefined)[] = [];
    const closed = vi.fn();
    const onEnd = vi.fn();
    for await (const _ of tracing.iterate('read', {}, () => numbers(seen, closed), { onEnd })) break;
    expect(recorder.names).toEqual(['read']);
    expect(recorder.one('read').status.code).toBe(SpanStatusCode.UNSET);
    expect(onEnd).toHaveBeenCalledOnce();
    expect(closed).toHaveBeenCalledOnce();
    expect(seen.at(-1)).toBe('read');
  });

  test('return ends the span even if the source still has something to say', async () => {
    const recorder = registerTracing();
    const chatty = async function* () {
      try {
        yield 1;
      } finally {
        yield 2;
      }
    };
    const iterator = tracing.iterate('read', {}, chatty)[Symbol.asyncIterator]();
    await iterator.next();
    expect(await iterator.return?.()).toEqual({ done: false, value: 2 });
    expect(recorder.names).toEqual(['read']);
  });

  test("an error of the consumer abandons the iteration: it is not the span's failure", async () => {
    const recorder = registerTracing();
    const consume = async () => {
      for await (const _ of tracing.iterate('read', {}, () => numbers())) throw new Error('mine');
    };
    await expect(consume()).rejects.toThrow('mine');
    expect(recorder.one('read').status.code).toBe(SpanStatusCode.UNSET);
  });

  test('a source that fails makes the span fail, once, and is done', async () => {
    const recorder = registerTracing();
    const onEnd = vi.fn();
    const failing = async function* () {
      yield 1;
      throw new RangeError('torn page');
    };
    const iterator = tracing.iterate('read', {}, failing, { onEnd })[Symbol.asyncIterator]();
    await iterator.next();
    await expect(iterator.next()).rejects.toThrow('torn page');
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    await iterator.return?.();
    expect(recorder.names).toEqual(['read']);
    expect(recorder.one('read').status).toEqual({ code: SpanStatusCode.ERROR, message: 'torn page' });
    expect(recorder.one('read').attributes).toEqual({ 'error.type': 'RangeError' });
    expect(onEnd).toHaveBeenCalledOnce();
  });

  test('a source that fails to open makes the span fail', async () => {
    const recorder = registerTracing();
    const broken = tracing.iterate('read', {}, (): AsyncIterable<number> => {
      throw new Error('no such table');
    });
    await expect(collect(broken)).rejects.toThrow('no such table');
    expect(recorder.one('read').status.message).toBe('no such table');
  });

  test('a source that fails while it is closed makes the span fail', async () => {
    const recorder = registerTracing();
    const source = async function* () {
      try {
        yield 1;
      } finally {
        await Promise.reject(new Error('cannot close'));
      }
    };
    const iterator = tracing.iterate('read', {}, source)[Symbol.asyncIterator]();
    await iterator.next();
    await expect(iterator.return?.()).rejects.toThrow('cannot close');
    expect(recorder.one('read').status.message).toBe('cannot close');
  });

  test('an iterator that was never pulled makes no span and opens nothing', async () => {
    const recorder = registerTracing();
    const open = vi.fn(() => numbers());
    const left = tracing.iterate('read', {}, open)[Symbol.asyncIterator]();
    expect(await left.return?.('bye')).toEqual({ done: true, value: 'bye' });
    expect(await left.next()).toEqual({ done: true, value: undefined });
    const thrown = tracing.iterate('read', {}, open)[Symbol.asyncIterator]();
    await expect(thrown.throw?.(new Error('mine'))).rejects.toThrow('mine');
    expect(await thrown.next()).toEqual({ done: true, value: undefined });
    expect(open).not.toHaveBeenCalled();
    expect(recorder.started).toBe(0);
  });

  test('throw goes into the source, which may go on', async () => {
    const recorder = registerTracing();
    const patient = async function* () {
      try {
        yield 1;
      } catch {
        yield 2;
      }
    };
    const iterator = tracing.iterate('read', {}, patient)[Symbol.asyncIterator]();
    await iterator.next();
    expect(await iterator.throw?.(new Error('mine'))).toEqual({ done: false, value: 2 });
    expect(recorder.names).toEqual([]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(recorder.one('read').status.code).toBe(SpanStatusCode.UNSET);
  });

  test('throw into a source that knows no throw closes it and fails the span', async () => {
    const recorder = registerTracing();
    const close = vi.fn(async () => ({ done: true as const, value: undefined }));
    const source = { [Symbol.asyncIterator]: () => ({ next: async () => ({ done: false as const, value: 1 }), return: close }) };
    const iterator = tracing.iterate('read', {}, () => source)[Symbol.asyncIterator]();
    await iterator.next();
    await expect(iterator.throw?.(new Error('mine'))).rejects.toThrow('mine');
    expect(close).toHaveBeenCalledOnce();
    expect(recorder.one('read').status.message).toBe('mine');
  });

  test('a source without return, or whose next throws or answers at once, is served too', async () => {
    const recorder = registerTracing();
    let pulls = 0;
    const bare = {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          if (++pulls === 3) throw new Error('third');
          return { done: false, value: pulls } as unknown as Promise<IteratorResult<number>>;
        },
      }),
    };
    for await (const _ of tracing.iterate('left', {}, () => bare)) break;
    await expect(collect(tracing.iterate('failed', {}, () => bare))).rejects.toThrow('third');
    expect(recorder.one('left').status.code).toBe(SpanStatusCode.UNSET);
    expect(recorder.one('failed').status.message).toBe('third');
  });

  test('pulls that do not wait for each other are answered in order under the one span', async () => {
    const recorder = registerTracing();
    const iterator = tracing.iterate('read', {}, () => numbers())[Symbol.asyncIterator]();
    const results = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next(), iterator.next()]);
    expect(results.map((result) => result.value)).toEqual([1, 2, 3, undefined, undefined]);
    expect(recorder.names).toEqual(['read']);
  });

  test('an error in onEnd changes nothing', async () => {
    const recorder = registerTracing();
    const onEnd = () => {
      throw new Error('mine');
    };
    expect(await collect(tracing.iterate('read', {}, () => numbers(), { onEnd }))).toEqual([1, 2, 3]);
    expect(recorder.names).toEqual(['read']);
  });

  test('an SDK registered between the call and the first pull is used', async () => {
    const items = tracing.iterate('read', {}, () => numbers());
    const recorder = registerTracing();
    await collect(items);
    expect(recorder.names).toEqual(['read']);
  });
});

test('types: the items are those of the source', () => {
  expectTypeOf(tracing.iterate('read', {}, () => numbers())).toEqualTypeOf<AsyncIterable<number>>();
});
