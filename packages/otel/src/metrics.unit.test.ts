import { DiagLogLevel, diag } from '@opentelemetry/api';
import { DataPointType } from '@opentelemetry/sdk-metrics';
import { afterEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import { METRIC_CONSUMER_LAG, METRIC_DB_OPERATION_DURATION, METRIC_EVENTS_APPENDED, METRIC_EVENTS_REPLAYED } from './metric-definitions.ts';
import { createMetrics } from './metrics.ts';
import { registerMetrics, registerTracing, unregisterAll } from './sdk.fixture.ts';
import { createTracing } from './tracing.ts';

const DURATION = METRIC_DB_OPERATION_DURATION.name;
const APPENDED = METRIC_EVENTS_APPENDED.name;

afterEach(() => {
  unregisterAll();
  diag.disable();
  vi.restoreAllMocks();
});

describe('counters and histograms', () => {
  test('record under the definition, with its unit, description and buckets, in the scope', async () => {
    const recorder = registerMetrics();
    const metrics = createMetrics('orders', { version: '1.2.3', schemaUrl: 'https://example.com/schema' });
    metrics.counter(METRIC_EVENTS_APPENDED).add(2, { type: 'a' });
    metrics.counter(METRIC_EVENTS_APPENDED).add(3, { type: 'a' });
    metrics.histogram(METRIC_EVENTS_REPLAYED).record(7);
    const { scopeMetrics } = (await recorder.collect()).resourceMetrics;
    expect(scopeMetrics.map((scope) => scope.scope)).toEqual([
      { name: 'orders', version: '1.2.3', schemaUrl: 'https://example.com/schema' },
    ]);
    const appended = (await recorder.metrics()).get(APPENDED);
    expect(appended?.descriptor).toMatchObject({ unit: '{event}', description: METRIC_EVENTS_APPENDED.description });
    expect(appended?.dataPointType).toBe(DataPointType.SUM);
    expect(await recorder.points(APPENDED)).toEqual([{ value: 5, attributes: { type: 'a' } }]);
    const [replayed] = await recorder.points(METRIC_EVENTS_REPLAYED.name);
    expect(replayed?.value).toMatchObject({ count: 1, sum: 7, buckets: { boundaries: METRIC_EVENTS_REPLAYED.buckets } });
  });

  test('give the same handle for the same definition', () => {
    const metrics = createMetrics('orders');
    expect(metrics.counter(METRIC_EVENTS_APPENDED)).toBe(metrics.counter(METRIC_EVENTS_APPENDED));
    expect(metrics.histogram(METRIC_EVENTS_REPLAYED)).toBe(metrics.histogram(METRIC_EVENTS_REPLAYED));
  });

  test('record nothing when the component is switched off', async () => {
    const recorder = registerMetrics();
    const metrics = createMetrics('orders', { enabled: false });
    expect(metrics.enabled).toBe(false);
    metrics.counter(METRIC_EVENTS_APPENDED).add(1);
    metrics.histogram(METRIC_EVENTS_REPLAYED).record(1);
    metrics.time(METRIC_DB_OPERATION_DURATION, {}, () => undefined);
    expect((await recorder.metrics()).size).toBe(0);
  });
});

describe('gauges', () => {
  const LAG = METRIC_CONSUMER_LAG.name;
  const partition = (id: string, value: number) => ({ value, attributes: { 'messaging.destination.partition.id': id } });

  test('are measured at every collection, by everyone who observes, until they stop', async () => {
    const recorder = registerMetrics();
    const gauge = createMetrics('orders').gauge(METRIC_CONSUMER_LAG);
    let lag = 1;
    const measure = vi.fn(async () => [partition('0', lag), partition('1', 7)]);
    const stop = gauge.observe(measure);
    gauge.observe(async () => [partition('2', 9)]);
    expect(await recorder.points(LAG)).toEqual([partition('0', 1), partition('1', 7), partition('2', 9)]);
    lag = 2;
    expect(await recorder.points(LAG)).toContainEqual(partition('0', 2));
    expect((await recorder.metrics()).get(LAG)?.descriptor).toMatchObject({ unit: '{message}' });
    measure.mockClear();
    stop();
    expect(await recorder.points(LAG)).toContainEqual(partition('2', 9));
    expect(measure).not.toHaveBeenCalled();
  });

  test('have no value where measuring fails, and the others keep theirs', async () => {
    const recorder = registerMetrics();
    const gauge = createMetrics('orders').gauge(METRIC_CONSUMER_LAG);
    gauge.observe(() => Promise.reject(new Error('the broker is away')));
    gauge.observe(async () => [partition('0', 3)]);
    expect(await recorder.points(LAG)).toEqual([partition('0', 3)]);
  });

  test('find an SDK that is registered later, once any metric is used, and leave one that is replaced', async () => {
    const metrics = createMetrics('orders');
    const measure = vi.fn(async () => [partition('0', 3)]);
    metrics.gauge(METRIC_CONSUMER_LAG).observe(measure);
    const first = registerMetrics();
    metrics.counter(METRIC_EVENTS_APPENDED).add(1);
    expect(await first.points(LAG)).toEqual([partition('0', 3)]);
    unregisterAll();
    const second = registerMetrics();
    metrics.counter(METRIC_EVENTS_APPENDED).add(1);
    expect(await second.points(LAG)).toEqual([partition('0', 3)]);
    measure.mockClear();
    await first.points(LAG);
    expect(measure).not.toHaveBeenCalled();
  });

  test('measure nothing when the component is switched off', async () => {
    const recorder = registerMetrics();
    const measure = vi.fn(async () => [partition('0', 3)]);
    createMetrics('orders', { enabled: false }).gauge(METRIC_CONSUMER_LAG).observe(measure);
    expect(await recorder.points(LAG)).toEqual([]);
    expect(measure).not.toHaveBeenCalled();
  });
});

describe('the SDK', () => {
  test('may be registered after the handles were made and used', async () => {
    const counter = createMetrics('orders').counter(METRIC_EVENTS_APPENDED);
    counter.add(1);
    const recorder = registerMetrics();
    counter.add(2);
    expect(await recorder.points(APPENDED)).toEqual([{ value: 2, attributes: {} }]);
  });

  test('may be replaced by another, or go away', async () => {
    const metrics = createMetrics('orders');
    const counter = metrics.counter(METRIC_EVENTS_APPENDED);
    const histogram = metrics.histogram(METRIC_EVENTS_REPLAYED);
    const record = (value: number) => {
      counter.add(value);
      histogram.record(value);
    };
    const first = registerMetrics();
    record(1);
    unregisterAll();
    record(10);
    const second = registerMetrics();
    record(100);
    for (const [recorder, value] of [
      [first, 1],
      [second, 100],
    ] as const) {
      expect(await recorder.points(APPENDED)).toMatchObject([{ value }]);
      expect(await recorder.points(METRIC_EVENTS_REPLAYED.name)).toMatchObject([{ value: { count: 1, sum: value } }]);
    }
  });
});

describe('timer', () => {
  const attributes = { op: 'x' };

  test('is there while an SDK is registered, which `recording` tells', () => {
    const metrics = createMetrics('orders');
    expect([metrics.recording, metrics.timer(METRIC_DB_OPERATION_DURATION, attributes)]).toEqual([false, undefined]);
    registerMetrics();
    expect(metrics.recording).toBe(true);
    expect(metrics.timer(METRIC_DB_OPERATION_DURATION, attributes)).toBeDefined();
    expect(createMetrics('orders', { enabled: false }).recording).toBe(false);
  });

  test.each(['with', 'without'])('is stopped by the end of its operation %s a span, and fails as that does', async (tracer) => {
    const recorder = registerMetrics();
    const spans = tracer === 'with' ? registerTracing() : undefined;
    const metrics = createMetrics('orders');
    const tracing = createTracing('orders');
    const timer = () => metrics.timer(METRIC_DB_OPERATION_DURATION, attributes);
    expect(tracing.span('sync', {}, () => 42, { timer: timer() })).toBe(42);
    const refused = tracing.span('async', {}, () => Promise.reject(new RangeError('x')), { timer: timer() });
    await expect(refused).rejects.toThrow(RangeError);
    expect(await recorder.points(DURATION)).toMatchObject([
      { attributes, value: { count: 1 } },
      { attributes: { ...attributes, 'error.type': 'RangeError' }, value: { count: 1 } },
    ]);
    expect(spans?.ended.map((span) => span.attributes['error.type'])).toEqual(spans && [undefined, 'RangeError']);
  });
});

describe('time', () => {
  test('records seconds and hands the result on, sync or async', async () => {
    const recorder = registerMetrics();
    const metrics = createMetrics('orders');
    const clock = vi.spyOn(performance, 'now');
    clock.mockReturnValueOnce(1000).mockReturnValueOnce(1250);
    expect(metrics.time(METRIC_DB_OPERATION_DURATION, { op: 'sync' }, () => 42)).toBe(42);
    clock.mockReturnValueOnce(1000).mockReturnValueOnce(1500);
    expect(await metrics.time(METRIC_DB_OPERATION_DURATION, { op: 'async' }, async () => 43)).toBe(43);
    expect(await recorder.points(DURATION)).toMatchObject([
      { attributes: { op: 'sync' }, value: { count: 1, sum: 0.25 } },
      { attributes: { op: 'async' }, value: { count: 1, sum: 0.5 } },
    ]);
  });

  test('agrees with the span of the same operation on error.type, and hands the error on', async () => {
    const metricRecorder = registerMetrics();
    const spanRecorder = registerTracing();
    const metrics = createMetrics('orders');
    const tracing = createTracing('orders');
    const failures = [
      Object.assign(new Error('x'), { code: 'ES_CONCURRENCY' }),
      new RangeError('x'),
      AbortSignal.abort().reason as unknown,
      'text',
    ];
    for (const failure of failures) {
      const fail = async () => {
        throw failure;
      };
      const operation = () => tracing.span('op', () => metrics.time(METRIC_DB_OPERATION_DURATION, {}, fail));
      await expect(operation()).rejects.toBe(failure);
    }
    const onMetric = (await metricRecorder.points(DURATION)).map((point) => point.attributes['error.type']);
    expect(onMetric).toEqual(['ES_CONCURRENCY', 'RangeError', 'AbortError', '_OTHER']);
    expect(spanRecorder.ended.map((span) => span.attributes['error.type'])).toEqual(onMetric);
  });

  test('records a failure that is thrown at once', async () => {
    const recorder = registerMetrics();
    const fail = () => {
      throw new RangeError('x');
    };
    expect(() => createMetrics('orders').time(METRIC_DB_OPERATION_DURATION, { op: 'x' }, fail)).toThrow(RangeError);
    expect(await recorder.points(DURATION)).toMatchObject([{ attributes: { op: 'x', 'error.type': 'RangeError' } }]);
  });

  test('computes attributes given as a function once, at the end', async () => {
    const recorder = registerMetrics();
    let rows = 0;
    const attributes = vi.fn(() => ({ rows }));
    createMetrics('orders').time(METRIC_DB_OPERATION_DURATION, attributes, () => {
      rows = 3;
    });
    expect(attributes).toHaveBeenCalledOnce();
    expect(await recorder.points(DURATION)).toMatchObject([{ attributes: { rows: 3 } }]);
  });

  test('changes nothing when computing attributes fails, and tells the diagnostics', () => {
    registerMetrics();
    const error = vi.fn();
    diag.setLogger({ error, warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() }, DiagLogLevel.ERROR);
    const broken = () => {
      throw new Error('no rows');
    };
    expect(createMetrics('orders').time(METRIC_DB_OPERATION_DURATION, broken, () => 1)).toBe(1);
    expect(error).toHaveBeenCalledWith(expect.stringContaining(DURATION), expect.objectContaining({ message: 'no rows' }));
  });

  test('reads no clock and computes nothing without an SDK', () => {
    const clock = vi.spyOn(performance, 'now');
    const attributes = vi.fn(() => ({}));
    expect(createMetrics('orders').time(METRIC_DB_OPERATION_DURATION, attributes, () => 1)).toBe(1);
    expect(clock).not.toHaveBeenCalled();
    expect(attributes).not.toHaveBeenCalled();
  });

  test('types: the result is that of fn', () => {
    expectTypeOf(createMetrics('orders').time(METRIC_DB_OPERATION_DURATION, {}, async () => 1)).toEqualTypeOf<Promise<number>>();
  });
});
