import { setImmediate as nextTurn } from 'node:timers/promises';
import { context, createContextKey, DiagLogLevel, diag, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { AlwaysOffSampler, type ReadableSpan, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { SCHEMA_URL } from './schema-url.ts';
import { registerTracing, unregisterAll } from './sdk.fixture.ts';
import { createTracing } from './tracing.ts';

afterEach(() => {
  unregisterAll();
  diag.disable();
});

function parentId(span: ReadableSpan): string | undefined {
  return span.parentSpanContext?.spanId;
}

describe('without a span', () => {
  const noSpan = vi.fn((...args: unknown[]) => ({ args, active: context.active() }));

  test('fn gets no argument and the context stays as it is when no SDK is registered', () => {
    const attributes = vi.fn(() => ({}));
    const result = createTracing('orders').span('work', attributes, noSpan);
    expect(result).toEqual({ args: [], active: ROOT_CONTEXT });
    expect(attributes).not.toHaveBeenCalled();
  });

  test('the same when the component is switched off, whatever is registered', () => {
    const recorder = registerTracing();
    const tracing = createTracing('orders', { enabled: false });
    expect(tracing.enabled).toBe(false);
    const caller = context.active().setValue(createContextKey('caller'), 'me');
    context.with(caller, () => expect(tracing.span('work', {}, noSpan, { parent: ROOT_CONTEXT })).toEqual({ args: [], active: caller }));
    expect(recorder.started).toBe(0);
  });

  test('the same when tracing is suppressed: the span of the caller stays current', () => {
    const recorder = registerTracing();
    const tracing = createTracing('orders');
    tracing.span('caller', (caller) => {
      const suppressed = suppressTracing(context.active());
      context.with(suppressed, () => {
        expect(tracing.span('work', noSpan)).toEqual({ args: [], active: suppressed });
        expect(trace.getActiveSpan()).toBe(caller);
      });
    });
    expect(recorder.names).toEqual(['caller']);
  });

  test('an error passes through untouched', async () => {
    const error = new Error('no stock');
    const tracing = createTracing('orders');
    expect(() =>
      tracing.span('work', () => {
        throw error;
      }),
    ).toThrow(error);
    await expect(
      tracing.span('work', async () => {
        throw error;
      }),
    ).rejects.toBe(error);
  });
});

describe('span', () => {
  test('starts with its attributes, kind and links, under its scope', () => {
    const recorder = registerTracing();
    const tracing = createTracing('orders', { version: '1.2.3' });
    const other = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 };
    const result = tracing.span('work', { 'order.id': 'o-1' }, () => 42, { kind: SpanKind.CLIENT, links: [{ context: other }] });
    expect(result).toBe(42);
    const span = recorder.one('work');
    expect(span.attributes).toEqual({ 'order.id': 'o-1' });
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.links.map((link) => link.context)).toEqual([other]);
    expect(span.instrumentationScope).toEqual({ name: 'orders', version: '1.2.3', schemaUrl: SCHEMA_URL });
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET });
  });

  test('is current in fn, after every await, and not afterwards', async () => {
    const recorder = registerTracing();
    await createTracing('orders').span('work', async (span) => {
      expect(trace.getActiveSpan()).toBe(span);
      await nextTurn();
      expect(trace.getActiveSpan()).toBe(span);
      expect(recorder.names).toEqual([]);
    });
    expect(trace.getActiveSpan()).toBeUndefined();
    expect(recorder.names).toEqual(['work']);
  });

  test('keeps children apart that run at the same time', async () => {
    const recorder = registerTracing();
    const tracing = createTracing('orders');
    await tracing.span('parent', () =>
      Promise.all(
        ['a', 'b', 'c'].map((name) =>
          tracing.span(name, async () => {
            await nextTurn();
            await tracing.span(`${name}.child`, async () => nextTurn());
          }),
        ),
      ),
    );
    const parent = recorder.one('parent').spanContext();
    for (const name of ['a', 'b', 'c']) {
      expect(parentId(recorder.one(name))).toBe(parent.spanId);
      expect(parentId(recorder.one(`${name}.child`))).toBe(recorder.one(name).spanContext().spanId);
      expect(recorder.one(`${name}.child`).spanContext().traceId).toBe(parent.traceId);
    }
  });

  test('takes a given parent instead of the active span, and runs fn in its context', () => {
    const recorder = registerTracing();
    const tracing = createTracing('orders');
    const key = createContextKey('tenant');
    const remote = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1, isRemote: true };
    const parent = trace.setSpanContext(ROOT_CONTEXT, remote).setValue(key, 'acme');
    tracing.span('active', () => tracing.span('work', {}, () => expect(context.active().getValue(key)).toBe('acme'), { parent }));
    expect(recorder.one('work').parentSpanContext).toEqual(remote);
  });

  test('computes attributes given as a function only when the span records', () => {
    const attributes = vi.fn(() => ({ 'order.size': 3 }));
    registerTracing({ sampler: new AlwaysOffSampler() });
    createTracing('orders').span('work', attributes, () => undefined);
    expect(attributes).not.toHaveBeenCalled();
    unregisterAll();
    const recorder = registerTracing();
    createTracing('orders').span('work', attributes, () => undefined);
    expect(attributes).toHaveBeenCalledOnce();
    expect(recorder.one('work').attributes).toEqual({ 'order.size': 3 });
  });

  test('goes on when computing attributes fails, and tells the diagnostics', () => {
    const recorder = registerTracing();
    const error = vi.fn();
    diag.setLogger({ error, warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() }, DiagLogLevel.ERROR);
    const broken = () => {
      throw new Error('no size');
    };
    expect(createTracing('orders').span('work', broken, () => 'done')).toBe('done');
    expect(recorder.one('work').status.code).toBe(SpanStatusCode.UNSET);
    expect(error).toHaveBeenCalledWith(expect.stringContaining("'work'"), expect.objectContaining({ message: 'no size' }));
  });

  test('hands over a span that is not sampled, and makes it current', () => {
    registerTracing({ sampler: new AlwaysOffSampler() });
    createTracing('orders').span('work', (span) => {
      expect(span?.isRecording()).toBe(false);
      expect(trace.getActiveSpan()).toBe(span);
    });
  });

  test('records a failure and hands the very same error on, thrown or rejected', async () => {
    const recorder = registerTracing();
    const tracing = createTracing('orders');
    const error = new RangeError('no stock');
    expect(() =>
      tracing.span('sync', () => {
        throw error;
      }),
    ).toThrow(error);
    await expect(
      tracing.span('async', async () => {
        throw error;
      }),
    ).rejects.toBe(error);
    for (const name of ['sync', 'async']) {
      expect(recorder.one(name).status).toEqual({ code: SpanStatusCode.ERROR, message: 'no stock' });
      expect(recorder.one(name).attributes).toEqual({ 'error.type': 'RangeError' });
      expect(recorder.one(name).events.map((event) => event.name)).toEqual(['exception']);
    }
  });

  test('settles a lazy thenable once, and returns what its then returns', async () => {
    const recorder = registerTracing();
    const run = vi.fn(async () => 'row');
    const query = Object.fromEntries([['then', (...handlers: Parameters<Promise<string>['then']>) => run().then(...handlers)]]);
    const result = createTracing('orders').span('query', () => query);
    expect(await (result as unknown as Promise<string>)).toBe('row');
    expect(run).toHaveBeenCalledOnce();
    expect(recorder.names).toEqual(['query']);
  });

  test('types: the result is that of fn', () => {
    const tracing = createTracing('orders');
    expectTypeOf(tracing.span('work', () => 1)).toEqualTypeOf<number>();
    expectTypeOf(tracing.span('work', {}, async () => 'x')).toEqualTypeOf<Promise<string>>();
    expectTypeOf(
      tracing.span(
        'work',
        () => ({ a: 1 }),
        (span) => span?.isRecording(),
      ),
    ).toEqualTypeOf<boolean | undefined>();
  });
});

describe('the SDK', () => {
  test('may be registered after the component was built and used', () => {
    const tracing = createTracing('orders');
    tracing.span('before', () => undefined);
    const recorder = registerTracing();
    tracing.span('after', () => undefined);
    expect(recorder.names).toEqual(['after']);
  });

  test('may be replaced by another, or go away', () => {
    const tracing = createTracing('orders');
    const first = registerTracing();
    tracing.span('one', () => undefined);
    unregisterAll();
    tracing.span('none', (span) => expect(span).toBeUndefined());
    const second = registerTracing();
    tracing.span('two', () => undefined);
    expect(first.names).toEqual(['one']);
    expect(second.names).toEqual(['two']);
  });

  test('is asked for the tracer once', () => {
    const provider = new TracerProvider();
    const getTracer = vi.spyOn(provider, 'getTracer');
    trace.setGlobalTracerProvider(provider);
    const tracing = createTracing('orders', { version: '1', schemaUrl: 'https://example.com/schema' });
    tracing.span('one', () => undefined);
    tracing.span('two', () => undefined);
    expect(getTracer.mock.calls).toEqual([['orders', '1', { schemaUrl: 'https://example.com/schema' }]]);
  });
});
