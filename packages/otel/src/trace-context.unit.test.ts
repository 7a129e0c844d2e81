import { createTraceState, ROOT_CONTEXT, type SpanContext, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { registerTracing, unregisterAll } from './sdk.fixture.ts';
import { contextWith, currentTraceContext, formatTraceparent, linksTo, linkTo, parseTraceparent } from './trace-context.ts';
import { createTracing } from './tracing.ts';

afterEach(unregisterAll);

// The example of the W3C specification.
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;

const hex = (length: number) => fc.string({ unit: fc.constantFrom(...'0123456789abcdef'.split('')), minLength: length, maxLength: length });
const idOf = (length: number) => hex(length).filter((id) => /[1-9a-f]/.test(id));
const spanContexts = fc.record({ traceId: idOf(32), spanId: idOf(16), traceFlags: fc.integer({ min: 0, max: 3 }) });

describe('parseTraceparent', () => {
  test('reads the four fields of version 00 as a remote span context', () => {
    expect(parseTraceparent(TRACEPARENT)).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1, isRemote: true });
    expect(parseTraceparent(TRACEPARENT.replace(/01$/, '00'))?.traceFlags).toBe(0);
  });

  test.each([
    ['nothing', ''],
    ['a word', 'traceparent'],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN_ID}-01`],
    ['a span id of zeros', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['upper case in the trace id', TRACEPARENT.toUpperCase()],
    ['upper case in the flags', TRACEPARENT.replace(/01$/, '0A')],
    ['version ff', TRACEPARENT.replace(/^00/, 'ff')],
    ['a version that is no hex', TRACEPARENT.replace(/^00/, '0g')],
    ['a version of one digit', TRACEPARENT.slice(1)],
    ['a short trace id', TRACEPARENT.replace(TRACE_ID, TRACE_ID.slice(1))],
    ['a long trace id', TRACEPARENT.replace(TRACE_ID, `${TRACE_ID}0`)],
    ['a short span id', TRACEPARENT.replace(SPAN_ID, SPAN_ID.slice(1))],
    ['flags of one digit', TRACEPARENT.slice(0, -1)],
    ['flags of three digits', `${TRACEPARENT}0`],
    ['no flags', TRACEPARENT.slice(0, -3)],
    ['a fifth field in version 00', `${TRACEPARENT}-what`],
    ['a trailing dash in version 00', `${TRACEPARENT}-`],
    ['blanks before', ` ${TRACEPARENT}`],
    ['a newline after', `${TRACEPARENT}\n`],
    ['other separators', TRACEPARENT.replaceAll('-', '_')],
    ['text right after the flags in a later version', `${TRACEPARENT.replace(/^00/, 'cc')}what`],
  ])('refuses %s', (_, traceparent) => {
    expect(parseTraceparent(traceparent)).toBeUndefined();
  });

  test.each([
    ['no more fields', ''],
    ['more fields', '-what-the-future-will-be-like'],
    ['an empty field', '-'],
  ])('takes the first four fields of a later version with %s', (_, rest) => {
    expect(parseTraceparent(`cc-${TRACE_ID}-${SPAN_ID}-01${rest}`)).toEqual({
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      traceFlags: 1,
      isRemote: true,
    });
  });

  test('keeps the flags that the specification knows, sampled and random, and drops the reserved ones', () => {
    expect(parseTraceparent(TRACEPARENT.replace(/01$/, '03'))?.traceFlags).toBe(3);
    expect(parseTraceparent(TRACEPARENT.replace(/01$/, 'fd'))?.traceFlags).toBe(1);
  });

  test('reads tracestate beside it, leaving out entries that are invalid', () => {
    const parsed = parseTraceparent(TRACEPARENT, 'rojo=00f067aa0ba902b7, CONGO=x ,congo=t61rcWkgMzE,=,,');
    expect(parsed?.traceState?.serialize()).toBe('rojo=00f067aa0ba902b7,congo=t61rcWkgMzE');
    expect(parseTraceparent(TRACEPARENT, '')).not.toHaveProperty('traceState');
    expect(parseTraceparent('nonsense', 'rojo=1')).toBeUndefined();
  });

  test('is the inverse of formatTraceparent', () => {
    fc.assert(
      fc.property(spanContexts, (spanContext) => {
        const traceparent = formatTraceparent(spanContext);
        expect(traceparent).toHaveLength(55);
        expect(parseTraceparent(traceparent)).toEqual({ ...spanContext, isRemote: true });
      }),
    );
  });

  test("never throws, and never accepts what the SDK's propagator refuses", () => {
    const propagator = new W3CTraceContextPropagator();
    const getter = { keys: () => ['traceparent'], get: (carrier: string, key: string) => (key === 'traceparent' ? carrier : undefined) };
    // One character of a valid one put out of place, so that most are nearly right.
    const nearlyRight = fc
      .tuple(spanContexts, fc.nat(54), fc.constantFrom('0', 'f', 'g', 'A', '-', ' ', '', '00', '\n'))
      .map(([spanContext, at, char]) => {
        const text = formatTraceparent(spanContext);
        return text.slice(0, at) + char + text.slice(at + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.string(), nearlyRight), (text) => {
        const parsed = parseTraceparent(text);
        const theirs = trace.getSpanContext(propagator.extract(ROOT_CONTEXT, text, getter));
        if (parsed !== undefined) expect(theirs).toMatchObject({ traceId: parsed.traceId, spanId: parsed.spanId });
      }),
      { numRuns: 1000 },
    );
  });
});

describe('formatTraceparent', () => {
  test('writes version 00, and the reserved flags as zero', () => {
    expect(formatTraceparent({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 0xff })).toBe(`00-${TRACE_ID}-${SPAN_ID}-03`);
    expect(formatTraceparent({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 0 })).toBe(`00-${TRACE_ID}-${SPAN_ID}-00`);
  });
});

describe('currentTraceContext', () => {
  const contextOf = (spanContext: SpanContext) => trace.setSpanContext(ROOT_CONTEXT, spanContext);

  test('is that of the span that is current, here or in a given context', () => {
    const recorder = registerTracing();
    const fields = createTracing('orders').span('work', () => currentTraceContext());
    expect(fields).toEqual({ traceparent: formatTraceparent(recorder.one('work').spanContext()) });
    expect(fields?.traceparent).toMatch(/-01$/);
    expect(currentTraceContext(contextOf({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1 }))).toEqual({ traceparent: TRACEPARENT });
  });

  test('is there for a span that is not sampled, with its flags', () => {
    registerTracing({ sampler: new AlwaysOffSampler() });
    const fields = createTracing('orders').span('work', () => currentTraceContext());
    expect(fields?.traceparent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
  });

  test('carries tracestate when there is any', () => {
    const spanContext = { traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1, traceState: createTraceState('rojo=1,congo=2') };
    expect(currentTraceContext(contextOf(spanContext))).toEqual({ traceparent: TRACEPARENT, tracestate: 'rojo=1,congo=2' });
    expect(currentTraceContext(contextOf({ ...spanContext, traceState: createTraceState('') }))).toEqual({ traceparent: TRACEPARENT });
  });

  test('is absent without a span, or with an invalid one', () => {
    expect(currentTraceContext()).toBeUndefined();
    expect(currentTraceContext(contextOf({ traceId: '0'.repeat(32), spanId: SPAN_ID, traceFlags: 1 }))).toBeUndefined();
  });
});

describe('linkTo and linksTo', () => {
  const fields = (spanId: string) => ({ traceparent: `00-${TRACE_ID}-${spanId}-01`, tracestate: 'rojo=1' });
  const spanIds = (links: ReturnType<typeof linksTo>) => links.map((link) => link.context.spanId);

  test('link to the span named by stored fields', () => {
    expect(linkTo(fields(SPAN_ID))?.context).toMatchObject({ traceId: TRACE_ID, spanId: SPAN_ID, traceFlags: 1, isRemote: true });
    expect(linkTo(fields(SPAN_ID))?.context.traceState?.get('rojo')).toBe('1');
    expect(linkTo({})).toBeUndefined();
    expect(linkTo({ traceparent: 'nonsense' })).toBeUndefined();
  });

  test('one link per span, in the order of first appearance, without those that name none', () => {
    const items = [fields('b'.repeat(16)), {}, fields('a'.repeat(16)), fields('b'.repeat(16)), { traceparent: 'nonsense' }];
    expect(spanIds(linksTo(items))).toEqual(['b'.repeat(16), 'a'.repeat(16)]);
  });

  test('to the spans that are current in contexts, which are the same spans as those of their fields', () => {
    const context = contextWith(fields('a'.repeat(16)));
    expect(spanIds(linksTo([context, fields('b'.repeat(16)), ROOT_CONTEXT, fields('a'.repeat(16))]))).toEqual([
      'a'.repeat(16),
      'b'.repeat(16),
    ]);
    expect(linksTo([context])).toEqual(linksTo([fields('a'.repeat(16))]));
  });

  test('at most as many as the limit, which is 128', () => {
    const items = Array.from({ length: 300 }, (_, index) => fields((index + 1).toString(16).padStart(16, '0')));
    expect(spanIds(linksTo(items))).toEqual(items.slice(0, 128).map((item) => item.traceparent.slice(36, 52)));
    expect(linksTo(items, 2)).toHaveLength(2);
    expect(linksTo(items, 0)).toEqual([]);
  });
});

describe('contextWith', () => {
  test('makes the named span the remote parent', () => {
    const recorder = registerTracing();
    const parent = contextWith({ traceparent: TRACEPARENT, tracestate: 'rojo=1' });
    createTracing('orders').span('work', {}, () => undefined, { parent });
    const span = recorder.one('work');
    expect(span.parentSpanContext).toMatchObject({ traceId: TRACE_ID, spanId: SPAN_ID, isRemote: true });
    expect(span.spanContext().traceState?.serialize()).toBe('rojo=1');
  });

  test('builds on ROOT_CONTEXT or a given context, and returns that as it is when no span is named', () => {
    const key = Symbol('tenant');
    const base = ROOT_CONTEXT.setValue(key, 'acme');
    expect(contextWith({ traceparent: TRACEPARENT }, base).getValue(key)).toBe('acme');
    expect(contextWith({}, base)).toBe(base);
    expect(contextWith({ traceparent: 'nonsense' })).toBe(ROOT_CONTEXT);
  });
});
