import { setImmediate as nextTurn } from 'node:timers/promises';
import { propagation, ROOT_CONTEXT, type TextMapPropagator, trace } from '@opentelemetry/api';
import { CompositePropagator, suppressTracing, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { AlwaysOffSampler } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, expectTypeOf, test } from 'vitest';
import { activeContext, contextAvailable, extractContext, injectContext, withContext } from './propagation.ts';
import { registerTracing, unregisterAll } from './sdk.fixture.ts';
import { contextWith, currentTraceContext } from './trace-context.ts';
import { createTracing } from './tracing.ts';

afterEach(unregisterAll);

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const fields = { traceparent: TRACEPARENT, tracestate: 'rojo=1' };
const remote = contextWith(fields);
const mapGetter = {
  keys: (carrier: Map<string, string>) => [...carrier.keys()],
  get: (carrier: Map<string, string>, key: string) => carrier.get(`x-${key}`),
};

describe('injectContext', () => {
  test('writes W3C fields without any SDK, and returns the carrier', () => {
    const carrier: Record<string, string> = { kept: 'yes' };
    expect(injectContext(carrier, { context: remote })).toBe(carrier);
    expect(carrier).toEqual({ kept: 'yes', ...fields });
  });

  test('writes nothing when no span is current', () => {
    expect(injectContext({})).toEqual({});
  });

  test('writes the current span, also when it is not sampled', () => {
    registerTracing({ sampler: new AlwaysOffSampler(), propagator: new W3CTraceContextPropagator() });
    createTracing('orders').span('work', () => {
      expect(injectContext({})).toEqual(currentTraceContext());
      expect(injectContext({})).toEqual({ traceparent: expect.stringMatching(/-00$/) });
    });
  });

  test('writes the caller’s span while tracing is suppressed', () => {
    registerTracing({ propagator: new W3CTraceContextPropagator() });
    createTracing('orders').span('work', () => {
      expect(injectContext({}, { context: suppressTracing(activeContext()) })).toEqual(currentTraceContext());
    });
  });

  test('lets the global propagators write theirs: baggage', () => {
    registerTracing({ propagator: new CompositePropagator({ propagators: [new W3CBaggagePropagator()] }) });
    const context = propagation.setBaggage(remote, propagation.createBaggage({ tenant: { value: 'acme' } }));
    expect(injectContext({}, { context })).toEqual({ ...fields, baggage: 'tenant=acme' });
  });

  test('writes through a setter, and into a Map or Headers without one', () => {
    const setter = { set: (carrier: Map<string, string>, key: string, value: string) => void carrier.set(`x-${key}`, value) };
    expect(injectContext(new Map<string, string>(), { context: remote, setter })).toEqual(
      new Map([
        ['x-traceparent', TRACEPARENT],
        ['x-tracestate', 'rojo=1'],
      ]),
    );
    expect(injectContext(new Map<string, string>(), { context: remote })).toEqual(new Map(Object.entries(fields)));
    expect(Object.fromEntries(injectContext(new Headers(), { context: remote }))).toEqual(fields);
  });

  test('types: the carrier comes back as what it was', () => {
    expectTypeOf(injectContext(new Headers())).toEqualTypeOf<Headers>();
  });
});

describe('extractContext', () => {
  test.each([
    ['plain strings', fields],
    ['keys in any case', { TraceParent: TRACEPARENT, TRACESTATE: 'rojo=1' }],
    ['bytes, as Kafka hands them over', { traceparent: Buffer.from(TRACEPARENT), tracestate: new TextEncoder().encode('rojo=1') }],
    ['arrays of one', { traceparent: [TRACEPARENT], tracestate: ['rojo=1'] }],
    ['arrays of bytes', { traceparent: [Buffer.from(TRACEPARENT)], tracestate: [Buffer.from('rojo=1')] }],
    ['a Map', new Map(Object.entries(fields))],
    [
      'a Map with keys in another case',
      new Map([
        ['Traceparent', TRACEPARENT],
        ['Tracestate', 'rojo=1'],
      ]),
    ],
    ['Headers', new Headers(fields)],
    ['an object without a prototype', Object.assign(Object.create(null) as object, fields)],
  ])('reads %s, with and without a propagator of the SDK', (_, carrier) => {
    expect(currentTraceContext(extractContext(carrier))).toEqual(fields);
    registerTracing({ propagator: new W3CTraceContextPropagator() });
    expect(currentTraceContext(extractContext(carrier))).toEqual(fields);
  });

  test('joins several tracestate values in their order', () => {
    const carrier = { traceparent: TRACEPARENT, tracestate: ['rojo=1', 'congo=2'] };
    expect(currentTraceContext(extractContext(carrier))?.tracestate).toBe('rojo=1,congo=2');
  });

  test.each([
    ['nothing', {}],
    ['an invalid traceparent', { traceparent: 'nonsense' }],
    ['two traceparents', { traceparent: [TRACEPARENT, TRACEPARENT.replace('b7', 'b8')] }],
    ['tracestate alone', { tracestate: 'rojo=1' }],
    ['values of another type', { traceparent: 1, tracestate: null }],
    ['what only the prototype has', Object.create(fields) as object],
  ])('gives the parent context for %s', (_, carrier) => {
    expect(extractContext(carrier)).toBe(ROOT_CONTEXT);
    expect(extractContext(carrier, { parent: remote })).toBe(remote);
  });

  test('starts from ROOT_CONTEXT and not from the active context', () => {
    registerTracing();
    createTracing('orders').span('work', () => expect(extractContext({})).toBe(ROOT_CONTEXT));
  });

  test('builds on a given parent', () => {
    const key = Symbol('tenant');
    const context = extractContext(fields, { parent: ROOT_CONTEXT.setValue(key, 'acme') });
    expect(context.getValue(key)).toBe('acme');
    expect(currentTraceContext(context)).toEqual(fields);
  });

  test('reads through a getter', () => {
    const carrier = new Map([['x-traceparent', TRACEPARENT]]);
    expect(currentTraceContext(extractContext(carrier, { getter: mapGetter }))).toEqual({ traceparent: TRACEPARENT });
  });

  test('reads baggage by the global propagators, and the span by W3C when they find none', () => {
    registerTracing({ propagator: new W3CBaggagePropagator() });
    const context = extractContext({ ...fields, baggage: Buffer.from('tenant=acme') });
    expect(propagation.getBaggage(context)?.getEntry('tenant')?.value).toBe('acme');
    expect(currentTraceContext(context)).toEqual(fields);
  });

  test('a span that the global propagators find goes before traceparent', () => {
    const theirs = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };
    const propagator: TextMapPropagator = {
      inject: () => undefined,
      extract: (context) => trace.setSpanContext(context, theirs),
      fields: () => [],
    };
    registerTracing({ propagator });
    expect(trace.getSpanContext(extractContext(fields))).toEqual(theirs);
  });

  test('is the inverse of injectContext', () => {
    expect(currentTraceContext(extractContext(injectContext({}, { context: remote })))).toEqual(fields);
  });
});

test('contextAvailable tells whether withContext has an effect', () => {
  expect(contextAvailable()).toBe(false);
  registerTracing();
  expect(contextAvailable()).toBe(true);
  withContext(remote, () => expect(contextAvailable()).toBe(true));
  unregisterAll();
  expect(contextAvailable()).toBe(false);
});

test('withContext makes a context active, after awaits too, and activeContext tells it', async () => {
  registerTracing();
  const result = await withContext(remote, async () => {
    expect(activeContext()).toBe(remote);
    await nextTurn();
    return activeContext();
  });
  expect(result).toBe(remote);
  expect(activeContext()).toBe(ROOT_CONTEXT);
});
