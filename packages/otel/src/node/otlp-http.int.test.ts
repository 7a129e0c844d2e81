import { beforeAll, describe, expect, it, vi } from 'vitest';
import { configureLogging, createMetrics, createTracing, getLogger } from '../index.ts';
import { httpReceiver, type ReceivedRequest } from './receivers.fixture.ts';
import { startForTest } from './running.fixture.ts';

const CARTS = { name: 'test.carts', kind: 'counter', unit: '{cart}', description: 'Carts made.' } as const;

/** The attributes of OTLP's JSON as an object. */
function attributesOf(list: readonly { key: string; value: Record<string, unknown> }[]): Record<string, unknown> {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}

function requestTo(path: string, received: readonly ReceivedRequest[]): ReceivedRequest {
  const found = received.find((request) => request.path === path);
  if (found === undefined) throw new Error(`nothing came to ${path}, only to ${received.map((request) => request.path).join(', ')}`);
  return found;
}

beforeAll(() => configureLogging({ destination: { write: () => undefined } }));

describe('OTLP over HTTP', () => {
  it('delivers spans, metrics and log records as JSON on forceFlush', async () => {
    const { url, received } = await httpReceiver();
    const target = { exporter: 'otlp', protocol: 'http/json', url, headers: { 'x-team': 'blue' } } as const;
    const telemetry = await startForTest({
      serviceName: 'shop',
      serviceVersion: '1.2.3',
      resourceAttributes: { 'deployment.environment.name': 'test' },
      traces: target,
      metrics: target,
      logs: target,
    });
    const spanContext = createTracing('test').span('make_cart', { 'cart.size': 2 }, (span) => {
      createMetrics('test').counter(CARTS).add(3, { kind: 'new' });
      getLogger('shop.carts').warn({ cart: 'c1' }, 'cart is small');
      return span?.spanContext();
    });
    await telemetry.forceFlush();

    const traces = requestTo('/v1/traces', received);
    expect(traces.headers).toMatchObject({ 'content-type': 'application/json', 'x-team': 'blue' });
    const [resourceSpans] = JSON.parse(traces.body.toString()).resourceSpans;
    expect(attributesOf(resourceSpans.resource.attributes)).toMatchObject({
      'service.name': 'shop',
      'service.version': '1.2.3',
      'deployment.environment.name': 'test',
    });
    const [span] = resourceSpans.scopeSpans[0].spans;
    expect(span).toMatchObject({ name: 'make_cart', traceId: spanContext?.traceId, spanId: spanContext?.spanId });
    expect(attributesOf(span.attributes)).toEqual({ 'cart.size': 2 });

    const metrics = JSON.parse(requestTo('/v1/metrics', received).body.toString());
    const [metric] = metrics.resourceMetrics[0].scopeMetrics[0].metrics;
    expect(metric).toMatchObject({ name: 'test.carts', unit: '{cart}', sum: { dataPoints: [{ asDouble: 3 }] } });

    const logs = JSON.parse(requestTo('/v1/logs', received).body.toString());
    const [scopeLogs] = logs.resourceLogs[0].scopeLogs;
    expect(scopeLogs.scope.name).toBe('shop.carts');
    expect(scopeLogs.logRecords[0]).toMatchObject({
      severityText: 'warn',
      body: { stringValue: 'cart is small' },
      traceId: spanContext?.traceId,
      spanId: spanContext?.spanId,
    });
    expect(attributesOf(scopeLogs.logRecords[0].attributes)).toEqual({ cart: 'c1' });
  });

  it('delivers protobuf by default', async () => {
    const { url, received } = await httpReceiver();
    const telemetry = await startForTest({ serviceName: 'shop', traces: { exporter: 'otlp', url } });
    createTracing('test').span('make_cart', () => undefined);
    await telemetry.forceFlush();
    const { headers, body } = requestTo('/v1/traces', received);
    expect(headers['content-type']).toBe('application/x-protobuf');
    expect(body.includes('make_cart')).toBe(true);
    expect(body.includes('shop')).toBe(true);
  });

  it('uses a URL with a path as it is', async () => {
    const { url, received } = await httpReceiver();
    const telemetry = await startForTest({ traces: { exporter: 'otlp', url: `${url}/tenants/7/spans?x=1` } });
    createTracing('test').span('make_cart', () => undefined);
    await telemetry.forceFlush();
    expect(received.map(({ path }) => path)).toEqual(['/tenants/7/spans?x=1']);
  });

  it('sends to every target of a list', async () => {
    const [first, second] = [await httpReceiver(), await httpReceiver()];
    const telemetry = await startForTest({
      traces: [
        { exporter: 'otlp', url: first.url },
        { exporter: 'otlp', protocol: 'http/json', url: second.url },
      ],
    });
    createTracing('test').span('make_cart', () => undefined);
    await telemetry.forceFlush();
    expect(first.received).toHaveLength(1);
    expect(second.received).toHaveLength(1);
  });

  it('sends each span at once with the simple processor, and in batches otherwise', async () => {
    const [simple, batch] = [await httpReceiver(), await httpReceiver()];
    const telemetry = await startForTest({
      traces: [
        { exporter: 'otlp', url: simple.url, processor: 'simple' },
        { exporter: 'otlp', url: batch.url, processor: 'batch' },
      ],
    });
    const tracing = createTracing('test');
    for (const name of ['one', 'two', 'three']) tracing.span(name, () => undefined);
    await vi.waitFor(() => expect(simple.received).toHaveLength(3));
    expect(batch.received).toHaveLength(0);
    await telemetry.forceFlush();
    expect(batch.received).toHaveLength(1);
  });

  it('sends metrics in the interval it is told, without a flush', async () => {
    const { url, received } = await httpReceiver();
    await startForTest({ metrics: { exporter: 'otlp', url, exportIntervalMillis: 20 } });
    createMetrics('test').counter(CARTS).add(1);
    await vi.waitFor(() => expect(received.length).toBeGreaterThan(1));
  });

  it('sends batches as often as the environment says', async () => {
    const { url, received } = await httpReceiver();
    const target = { exporter: 'otlp', url } as const;
    const env = { OTEL_BSP_SCHEDULE_DELAY: '10', OTEL_BLRP_SCHEDULE_DELAY: '10', OTEL_METRIC_EXPORT_INTERVAL: '10' };
    await startForTest({ traces: target, metrics: target, logs: target }, env);
    createTracing('test').span('make_cart', () => undefined);
    createMetrics('test').counter(CARTS).add(1);
    getLogger('shop.carts').warn('cart is small');
    await vi.waitFor(() => expect(new Set(received.map(({ path }) => path)).size).toBe(3));
  });

  it('keeps to the limits of the environment', async () => {
    const { url, received } = await httpReceiver();
    const env = { OTEL_BSP_MAX_QUEUE_SIZE: '2', OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '1' };
    const target = { exporter: 'otlp', protocol: 'http/json', url } as const;
    const telemetry = await startForTest({ traces: target, logs: target }, env);
    const tracing = createTracing('test');
    for (let index = 0; index < 10; index += 1) tracing.span(`span-${index}`, () => undefined);
    for (const message of ['one', 'two', 'three']) getLogger('shop.carts').warn(message);
    await telemetry.forceFlush();
    const spans = received
      .filter(({ path }) => path === '/v1/traces')
      .flatMap(({ body }) => JSON.parse(body.toString()).resourceSpans[0].scopeSpans[0].spans);
    // Two on their way and two in the queue: the others were too many.
    expect(spans.map(({ name }: { name: string }) => name)).toEqual(['span-0', 'span-1', 'span-2', 'span-3']);
    expect(received.filter(({ path }) => path === '/v1/logs')).toHaveLength(3);
  });

  it('keeps a sent request out of the traces', async () => {
    const { url, received } = await httpReceiver();
    const telemetry = await startForTest({ traces: { exporter: 'otlp', protocol: 'http/json', url } });
    createTracing('test').span('make_cart', () => undefined);
    await telemetry.forceFlush();
    expect(requestTo('/v1/traces', received).headers).not.toHaveProperty('traceparent');
  });
});

describe('sampling', () => {
  it.each([
    { samplingRatio: 0, spans: 0 },
    { samplingRatio: 1, spans: 1 },
  ])('records the share $samplingRatio of the traces', async ({ samplingRatio, spans }) => {
    const { url, received } = await httpReceiver();
    const telemetry = await startForTest({ traces: { exporter: 'otlp', url }, samplingRatio });
    createTracing('test').span('make_cart', () => undefined);
    await telemetry.forceFlush();
    expect(received).toHaveLength(spans);
  });

  it('asks a sampler of one’s own', async () => {
    const { url, received } = await httpReceiver();
    const asked: string[] = [];
    const telemetry = await startForTest({
      traces: { exporter: 'otlp', url },
      sampler: {
        shouldSample: (_context: unknown, _traceId: string, name: string) => {
          asked.push(name);
          return { decision: 0 };
        },
      },
    });
    createTracing('test').span('make_cart', () => undefined);
    await telemetry.forceFlush();
    expect(asked).toEqual(['make_cart']);
    expect(received).toHaveLength(0);
  });
});
