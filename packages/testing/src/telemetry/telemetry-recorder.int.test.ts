import {
  contextWith,
  createMetrics,
  createTracing,
  currentTraceContext,
  extractContext,
  injectContext,
  METRIC_DB_OPERATION_DURATION,
  METRIC_EVENTS_APPENDED,
  otelAvailable,
  parseTraceparent,
  SpanKind,
  withContext,
} from '@es/otel';
import { context, propagation, trace } from '@opentelemetry/api';
import { afterEach, describe, expect, it } from 'vitest';
import { createTelemetryRecorder, type TelemetryRecorder } from './telemetry-recorder.ts';

const tracing = createTracing('shop', { version: '1.2.3', schemaUrl: 'https://example.org/schema' });
const metrics = createMetrics('shop', { version: '1.2.3' });

describe('a telemetry recorder', () => {
  let recorder: TelemetryRecorder | undefined;
  const start = (...options: Parameters<typeof createTelemetryRecorder>): TelemetryRecorder => {
    recorder = createTelemetryRecorder(...options);
    return recorder;
  };
  afterEach(() => recorder?.stop());

  it('gives spans back in plain data', async () => {
    const recorder = start();
    const parent = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
    const failing = tracing.span(
      'order.place',
      { 'order.id': '42' },
      async (span) => {
        span?.addEvent('reserved', { items: 2 });
        throw new TypeError('out of stock');
      },
      { kind: SpanKind.CLIENT, parent: contextWith(parent), links: [{ context: linked, attributes: { why: 'cause' } }] },
    );
    await expect(failing).rejects.toThrow('out of stock');
    expect(recorder.spans()).toEqual([
      {
        name: 'order.place',
        kind: 'CLIENT',
        attributes: { 'order.id': '42', 'error.type': 'TypeError' },
        status: { code: 'ERROR', message: 'out of stock' },
        links: [{ traceId: linked.traceId, spanId: linked.spanId, sampled: false, attributes: { why: 'cause' } }],
        events: [
          { name: 'reserved', attributes: { items: 2 } },
          { name: 'exception', attributes: expect.objectContaining({ 'exception.message': 'out of stock' }) },
        ],
        traceId: '0af7651916cd43dd8448eb211c80319c',
        spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
        parentSpanId: 'b7ad6b7169203331',
        scope: { name: 'shop', version: '1.2.3', schemaUrl: 'https://example.org/schema' },
        ended: true,
      },
    ]);
  });

  it('nests spans in the order in which they started, across awaits', async () => {
    const recorder = start();
    await tracing.span('save', async () => {
      await tracing.span('append', {}, async () => tracing.span('encode', () => undefined), { kind: SpanKind.CLIENT });
      await tracing.span('snapshot', { size: 3, names: ['a', 'b'] }, async () => undefined);
    });
    tracing.span('other', () => undefined);
    expect(recorder.treeText()).toBe('save\n  append CLIENT\n    encode\n  snapshot\nother');
    expect(recorder.treeText({ attributes: ['names', 'size'] })).toContain('\n  snapshot names=a,b size=3\n');
    expect(recorder.children(recorder.span('save')).map((span) => span.name)).toEqual(['append', 'snapshot']);
    expect(recorder.tree().map((tree) => [tree.span.name, tree.children.length])).toEqual([
      ['save', 2],
      ['other', 0],
    ]);
    expect(recorder.span('save').parentSpanId).toBeUndefined();
    expect(recorder.span('encode').status).toEqual({ code: 'UNSET' });
  });

  it('shows failed spans in the tree with the type of their error', () => {
    const recorder = start();
    expect(() => tracing.span('save', () => JSON.parse('{'))).toThrow(SyntaxError);
    expect(recorder.treeText()).toBe('save ERROR SyntaxError');
  });

  it('makes a span whose parent was not recorded a root', () => {
    const recorder = start();
    tracing.span('outer', () => {
      void recorder.reset();
      tracing.span('inner', () => undefined);
    });
    expect(recorder.treeText()).toBe('inner');
  });

  it('says what there is when the one span is missing or doubled', () => {
    const recorder = start();
    tracing.span('save', () => tracing.span('append', () => undefined));
    tracing.span('save', () => undefined);
    expect(() => recorder.span('load')).toThrow('Expected one finished span "load", found none.\nFinished:\nsave\n  append\nsave');
    expect(() => recorder.span('save')).toThrow('Expected one finished span "save", found 2.');
    expect(recorder.spans('save')).toHaveLength(2);
  });

  it('tells spans that nobody ended', () => {
    const recorder = start();
    const span = trace.getTracer('leaky').startSpan('forgotten');
    expect(recorder.openSpans()).toEqual([expect.objectContaining({ name: 'forgotten', ended: false })]);
    expect(() => recorder.span('forgotten')).toThrow('Finished:\n(none)\nStarted and not ended: forgotten');
    span.end();
    expect(recorder.openSpans()).toEqual([]);
    expect(recorder.span('forgotten').ended).toBe(true);
  });

  it('adds up counters by attributes and keeps distributions, however often it is asked', async () => {
    const recorder = start();
    metrics.counter(METRIC_EVENTS_APPENDED).add(2, { kind: 'a' });
    metrics.histogram(METRIC_DB_OPERATION_DURATION).record(0.25);
    await recorder.metrics();
    metrics.counter(METRIC_EVENTS_APPENDED).add(3, { kind: 'a' });
    metrics.counter(METRIC_EVENTS_APPENDED).add(5, { kind: 'b' });
    metrics.histogram(METRIC_DB_OPERATION_DURATION).record(4);
    expect(await recorder.metric(METRIC_EVENTS_APPENDED.name)).toMatchObject({
      name: METRIC_EVENTS_APPENDED.name,
      kind: 'counter',
      unit: METRIC_EVENTS_APPENDED.unit,
      scope: { name: 'shop', version: '1.2.3' },
      points: [
        { attributes: { kind: 'a' }, value: 5 },
        { attributes: { kind: 'b' }, value: 5 },
      ],
    });
    const duration = await recorder.metric(METRIC_DB_OPERATION_DURATION.name, 'shop');
    expect(duration).toMatchObject({
      kind: 'histogram',
      unit: 's',
      points: [{ value: 4.25, distribution: { count: 2, min: 0.25, max: 4 } }],
    });
    expect(duration.points[0]?.distribution?.boundaries).toEqual(METRIC_DB_OPERATION_DURATION.buckets);
    expect(duration.points[0]?.distribution?.counts.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await recorder.total(METRIC_EVENTS_APPENDED.name)).toBe(10);
    expect(await recorder.total(METRIC_EVENTS_APPENDED.name, { kind: 'b' })).toBe(5);
    expect(await recorder.total('never.recorded')).toBe(0);
  });

  it('says what there is when the one metric is missing or recorded by several scopes', async () => {
    const recorder = start();
    metrics.counter(METRIC_EVENTS_APPENDED).add(1);
    createMetrics('other').counter(METRIC_EVENTS_APPENDED).add(1);
    const { name } = METRIC_EVENTS_APPENDED;
    await expect(recorder.metric('lag')).rejects.toThrow(
      `Expected one metric "lag", found none. Recorded: ${name} (other), ${name} (shop).`,
    );
    await expect(recorder.metric(name)).rejects.toThrow('found 2');
    await expect(recorder.metric(name, 'other')).resolves.toMatchObject({ points: [{ value: 1 }] });
  });

  it('reads gauges and sums that go down', async () => {
    const recorder = start();
    const { metrics: api } = await import('@opentelemetry/api');
    const meter = api.getMeter('shop');
    const inUse = meter.createUpDownCounter('in.use');
    inUse.add(3);
    meter.createObservableGauge('lag').addCallback((result) => result.observe(7));
    expect(await recorder.metric('in.use')).toMatchObject({ kind: 'up-down-counter', points: [{ value: 3 }] });
    expect(await recorder.metric('lag')).toMatchObject({ kind: 'gauge', points: [{ value: 7 }] });
    inUse.add(-1);
    expect(await recorder.metric('in.use')).toMatchObject({ points: [{ value: 2 }] });
    expect(await recorder.metric('lag')).toMatchObject({ points: [{ value: 7 }] });
  });

  it('forgets everything when it is reset, and goes on recording with the same instruments', async () => {
    const recorder = start();
    const counter = metrics.counter(METRIC_EVENTS_APPENDED);
    counter.add(2);
    tracing.span('before', () => undefined);
    await recorder.reset();
    expect(recorder.spans()).toEqual([]);
    expect(await recorder.metrics()).toEqual([]);
    counter.add(1);
    tracing.span('after', () => undefined);
    expect(recorder.treeText()).toBe('after');
    expect(await recorder.total(METRIC_EVENTS_APPENDED.name)).toBe(1);
  });

  it('hands on contexts without recording when nothing is sampled', () => {
    const recorder = start({ sampled: false });
    const traceparent = tracing.span('save', () => currentTraceContext()?.traceparent);
    expect(parseTraceparent(traceparent ?? '')).toMatchObject({ traceFlags: 0 });
    expect(recorder.spans()).toEqual([]);
    expect(recorder.openSpans()).toEqual([]);
  });

  it('propagates trace context and baggage', () => {
    start();
    const carrier = tracing.span('send', () =>
      withContext(propagation.setBaggage(context.active(), propagation.createBaggage({ tenant: { value: 'acme' } })), () =>
        injectContext<Record<string, string>>({}),
      ),
    );
    expect(carrier).toMatchObject({ traceparent: expect.any(String), baggage: 'tenant=acme' });
    const extracted = extractContext(carrier);
    expect(propagation.getBaggage(extracted)?.getEntry('tenant')?.value).toBe('acme');
    expect(trace.getSpanContext(extracted)?.traceId).toBe(carrier['traceparent']?.split('-')[1]);
  });

  it('is alone in the process, and leaves it to the next one', () => {
    const first = start();
    expect(() => createTelemetryRecorder()).toThrow('a tracer provider already registered');
    tracing.span('one', () => undefined);
    first.stop();
    first.stop();
    expect(otelAvailable()).toBe(false);
    tracing.span('none', () => undefined);
    const second = start();
    tracing.span('two', () => undefined);
    expect([first.treeText(), second.treeText()]).toEqual(['one', 'two']);
  });

  it('registers nothing when something is registered already', () => {
    propagation.setGlobalPropagator({ inject: () => undefined, extract: (given) => given, fields: () => [] });
    try {
      expect(() => createTelemetryRecorder()).toThrow('a propagator already registered');
      expect(otelAvailable()).toBe(false);
    } finally {
      propagation.disable();
    }
    start();
  });

  it('stops at the end of its block', () => {
    {
      using scoped = createTelemetryRecorder();
      tracing.span('inside', () => undefined);
      expect(scoped.treeText()).toBe('inside');
    }
    expect(otelAvailable()).toBe(false);
  });
});

const linked = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 0 };
