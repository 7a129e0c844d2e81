import { setImmediate as nextTurn } from 'node:timers/promises';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import { registerTracing, unregisterAll } from './sdk.fixture.ts';
import { traced } from './traced.ts';
import { createTracing } from './tracing.ts';

afterEach(unregisterAll);

const currentName = () => (trace.getActiveSpan() as { name?: string } | undefined)?.name;

class Feed {
  readonly sender = 'news';

  @traced('feed.follow')
  async *follow(from: number): AsyncGenerator<string, string, boolean | undefined> {
    await nextTurn();
    const again = yield `${this.sender} ${from} ${currentName()}`;
    if (again) yield `again ${currentName()}`;
    return 'end';
  }

  @traced('feed.list')
  *list(from: number): Generator<string, string, boolean | undefined> {
    const again = yield `${this.sender} ${from} ${currentName()}`;
    if (again) yield `again ${currentName()}`;
    return 'end';
  }
}

describe('a traced async generator', () => {
  test('runs under one span, which ends when it returns, and hands values in and out', async () => {
    const recorder = registerTracing();
    const generator = new Feed().follow(7);
    expect(recorder.started).toBe(0);
    expect(await generator.next()).toEqual({ done: false, value: 'news 7 feed.follow' });
    expect(currentName()).toBeUndefined();
    expect(await generator.next(true)).toEqual({ done: false, value: 'again feed.follow' });
    expect(recorder.names).toEqual([]);
    expect(await generator.next(false)).toEqual({ done: true, value: 'end' });
    expect(recorder.names).toEqual(['feed.follow']);
  });

  test('ends its span when it is left early, and fails it when an error is thrown in', async () => {
    const recorder = registerTracing();
    for await (const _ of new Feed().follow(1)) break;
    expect(recorder.one('feed.follow').status.code).toBe(SpanStatusCode.UNSET);
    const generator = new Feed().follow(1);
    await generator.next();
    await expect(generator.throw(new Error('mine'))).rejects.toThrow('mine');
    expect(recorder.ended.at(-1)?.status.code).toBe(SpanStatusCode.ERROR);
  });

  test('is a child of the span that was current when it was called', async () => {
    const recorder = registerTracing();
    const generator = createTracing('test').span('caller', () => new Feed().follow(1));
    await generator.next();
    await generator.return('enough');
    expect(recorder.one('feed.follow').parentSpanContext).toEqual(recorder.one('caller').spanContext());
  });

  test('can be delegated to', async () => {
    const recorder = registerTracing();
    const outer = async function* () {
      return yield* new Feed().follow(1);
    };
    const generator = outer();
    await generator.next();
    expect(await generator.next(false)).toEqual({ done: true, value: 'end' });
    expect(recorder.names).toEqual(['feed.follow']);
  });
});

describe('a traced generator', () => {
  test('runs under one span, which ends when it returns, and hands values in and out', () => {
    const recorder = registerTracing();
    const generator = new Feed().list(7);
    expect(recorder.started).toBe(0);
    expect(generator.next()).toEqual({ done: false, value: 'news 7 feed.list' });
    expect(currentName()).toBeUndefined();
    expect(generator.next(true)).toEqual({ done: false, value: 'again feed.list' });
    expect(recorder.names).toEqual([]);
    expect(generator.next(false)).toEqual({ done: true, value: 'end' });
    expect(generator.next(false)).toEqual({ done: true, value: undefined });
    expect(recorder.names).toEqual(['feed.list']);
  });

  test('ends its span when it is left early, and fails it when an error is thrown in', () => {
    const recorder = registerTracing();
    for (const _ of new Feed().list(1)) break;
    expect(recorder.one('feed.list').status.code).toBe(SpanStatusCode.UNSET);
    const generator = new Feed().list(1);
    generator.next();
    expect(() => generator.throw(new Error('mine'))).toThrow('mine');
    expect(recorder.ended.at(-1)?.status.code).toBe(SpanStatusCode.ERROR);
  });

  test('ends its span when it is left, even if it still has something to say', () => {
    const recorder = registerTracing();
    class Chatty {
      @traced('chatty.talk')
      *talk(): Generator<number> {
        try {
          yield 1;
        } finally {
          yield 2;
        }
      }
    }
    const generator = new Chatty().talk();
    generator.next();
    expect(generator.return(undefined)).toEqual({ done: false, value: 2 });
    expect(recorder.names).toEqual(['chatty.talk']);
  });

  test('that is never pulled makes no span', () => {
    const recorder = registerTracing();
    const left = new Feed().list(1);
    expect(left.return('bye')).toEqual({ done: true, value: 'bye' });
    expect(left.next()).toEqual({ done: true, value: undefined });
    const thrown = new Feed().list(1);
    expect(() => thrown.throw(new Error('mine'))).toThrow('mine');
    expect(thrown.next()).toEqual({ done: true, value: undefined });
    expect(recorder.started).toBe(0);
  });

  test('keeps the helpers of its prototype', () => {
    const recorder = registerTracing();
    const generator = new Feed().list(1) as Generator<string, string, boolean | undefined> & { toArray(): string[] };
    expect(generator.toArray()).toEqual(['news 1 feed.list']);
    expect(recorder.names).toEqual(['feed.list']);
  });
});

test('without an SDK generators work as they are', async () => {
  expect([...new Feed().list(1)]).toEqual(['news 1 undefined']);
  for await (const item of new Feed().follow(1)) expect(item).toBe('news 1 undefined');
});

test('types: a traced generator has the type it was written with', () => {
  const feed = new Feed();
  expectTypeOf(feed.follow).toEqualTypeOf<(from: number) => AsyncGenerator<string, string, boolean | undefined>>();
  expectTypeOf(feed.list).toEqualTypeOf<(from: number) => Generator<string, string, boolean | undefined>>();
});
