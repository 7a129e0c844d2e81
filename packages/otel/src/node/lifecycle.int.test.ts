import { inspect } from 'node:util';
import { context, createContextKey, metrics, propagation, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { globalErrorHandler } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { configureLogging, createMetrics, createTracing, getLogger, type LogRecord, otelAvailable } from '../index.ts';
import { MAIN_ENTRY, NODE_ENTRY, runScript } from './child.fixture.ts';
import { deadPort, httpReceiver } from './receivers.fixture.ts';
import { startForTest } from './running.fixture.ts';
import { startTelemetry } from './start-telemetry.ts';

const tracing = createTracing('test');
const CARTS = { name: 'test.carts', kind: 'counter', unit: '{cart}', description: 'Carts made.' } as const;
const QUIET_TREE = { exporter: 'tree', write: () => undefined } as const;
let logged: LogRecord[];

beforeEach(() => {
  logged = [];
  configureLogging({ destination: { write: (record) => logged.push(record) } });
});

/** Whether anything of OpenTelemetry is registered in this process. */
function registrations(): Record<string, boolean> {
  const key = createContextKey('probe');
  return {
    traces: otelAvailable(),
    metrics: 'forceFlush' in metrics.getMeterProvider(),
    propagation: propagation.fields().length > 0,
    context: context.with(ROOT_CONTEXT.setValue(key, true), () => context.active().getValue(key) === true),
  };
}

const NOTHING = { traces: false, metrics: false, propagation: false, context: false };
const EVERYTHING = { traces: true, metrics: true, propagation: true, context: true };

describe('start and shutdown', () => {
  it('register with the API, and take it all away again', async () => {
    expect(registrations()).toEqual(NOTHING);
    const { url } = await httpReceiver();
    const telemetry = await startForTest({ traces: { exporter: 'otlp', url }, metrics: { exporter: 'otlp', url } });
    expect(registrations()).toEqual(EVERYTHING);
    await telemetry.shutdown();
    expect(registrations()).toEqual(NOTHING);
  });

  it('can follow each other in one process, the second with targets of its own', async () => {
    const [first, second] = [await httpReceiver(), await httpReceiver()];
    for (const { url } of [first, second]) {
      const telemetry = await startForTest({
        traces: { exporter: 'otlp', url },
        metrics: { exporter: 'otlp', url },
        logs: { exporter: 'otlp', url },
      });
      tracing.span('work', () => createMetrics('test').counter(CARTS).add(1));
      await telemetry.shutdown();
    }
    for (const { received } of [first, second]) expect(received.map(({ path }) => path).sort()).toEqual(['/v1/metrics', '/v1/traces']);
  });

  it('deliver what is left by shutdown alone', async () => {
    const { url, received } = await httpReceiver();
    const telemetry = await startForTest({ traces: { exporter: 'otlp', url } });
    tracing.span('work', () => undefined);
    await telemetry.shutdown();
    expect(received).toHaveLength(1);
  });

  it('stop once, however often they are told to', async () => {
    const { url, received } = await httpReceiver();
    const telemetry = await startForTest({ metrics: { exporter: 'otlp', url } });
    createMetrics('test').counter(CARTS).add(1);
    await Promise.all([telemetry.shutdown(), telemetry.shutdown(), telemetry[Symbol.asyncDispose]()]);
    await telemetry.shutdown();
    expect(received).toHaveLength(1);
    await telemetry.forceFlush();
    expect(received).toHaveLength(1);
  });

  it('are over for good: a late shutdown does nothing to the telemetry that was started since', async () => {
    const earlier = await startForTest({ traces: QUIET_TREE });
    await earlier.shutdown();
    await startForTest({ traces: QUIET_TREE });
    await earlier.shutdown();
    expect(otelAvailable()).toBe(true);
    await expect(startTelemetry()).rejects.toMatchObject({ code: 'ES_TELEMETRY_ALREADY_STARTED' });
  });

  it('hear of the SDK’s failures only while they run', async () => {
    const telemetry = await startForTest({ traces: QUIET_TREE });
    globalErrorHandler(new Error('while'));
    await telemetry.shutdown();
    globalErrorHandler(new Error('after'));
    expect(logged.map(({ message }) => message)).toEqual(['Telemetry could not be delivered: while']);
  });

  it('go on undoing the rest when an instrumentation can not be disabled', async () => {
    const stubborn = {
      instrumentationName: 'stubborn',
      enable: () => undefined,
      disable: () => {
        throw new Error('still patched');
      },
      setTracerProvider: () => undefined,
      setMeterProvider: () => undefined,
      getConfig: () => ({}),
    };
    const telemetry = await startForTest({ traces: QUIET_TREE, instrumentations: [stubborn] });
    await telemetry.shutdown();
    expect(registrations()).toEqual(NOTHING);
  });

  it('leave a context manager and a propagator alone that were there before', async () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator({ inject: () => undefined, extract: (given) => given, fields: () => ['x-own'] });
    onTestFinished(() => {
      context.disable();
      propagation.disable();
    });
    const telemetry = await startForTest({ traces: QUIET_TREE });
    expect(propagation.fields()).toEqual(['x-own']);
    await telemetry.shutdown();
    expect(registrations()).toEqual({ ...NOTHING, propagation: true, context: true });
  });

  it('enable and disable instrumentations', async () => {
    const calls: string[] = [];
    const instrumentation = {
      instrumentationName: 'test',
      instrumentationVersion: '1',
      enable: () => calls.push('enable'),
      disable: () => calls.push('disable'),
      setTracerProvider: () => calls.push('tracer provider'),
      setMeterProvider: () => calls.push('meter provider'),
      setConfig: () => undefined,
      getConfig: () => ({}),
    };
    const telemetry = await startForTest({ traces: QUIET_TREE, instrumentations: [[instrumentation]] });
    expect(calls).toEqual(expect.arrayContaining(['tracer provider', 'enable']));
    expect(calls).not.toContain('disable');
    await telemetry.shutdown();
    expect(calls.at(-1)).toBe('disable');
  });
});

describe('a start that is refused', () => {
  it('because telemetry runs already, leaves that running', async () => {
    const telemetry = await startForTest({ traces: QUIET_TREE });
    await expect(startTelemetry({ traces: QUIET_TREE })).rejects.toMatchObject({ code: 'ES_TELEMETRY_ALREADY_STARTED' });
    expect(otelAvailable()).toBe(true);
    await telemetry.shutdown();
    await (await startForTest({ traces: QUIET_TREE })).shutdown();
  });

  it('because another start is under way', async () => {
    const [first, second] = await Promise.allSettled([startForTest({ traces: QUIET_TREE }), startTelemetry({ traces: QUIET_TREE })]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'ES_TELEMETRY_ALREADY_STARTED' } });
  });

  it('because somebody else registered an SDK, leaves that one alone', async () => {
    const exporter = new InMemorySpanExporter();
    trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
    onTestFinished(() => trace.disable());
    await expect(startTelemetry({ traces: QUIET_TREE })).rejects.toMatchObject({
      code: 'ES_TELEMETRY_ALREADY_STARTED',
      message: expect.stringContaining('another OpenTelemetry SDK'),
    });
    tracing.span('work', () => undefined);
    await vi.waitFor(() => expect(exporter.getFinishedSpans()).toHaveLength(1));
  });

  it('because of an option, registers nothing and can be repeated', async () => {
    await expect(startTelemetry({ serviceName: '' })).rejects.toMatchObject({ code: 'ES_TELEMETRY_OPTIONS' });
    expect(registrations()).toEqual(NOTHING);
    await (await startForTest({ traces: QUIET_TREE })).shutdown();
  });

  it('because the SDK fails, registers nothing and can be repeated', async () => {
    const broken = {
      instrumentationName: 'broken',
      enable: () => {
        throw new Error('no patching today');
      },
      disable: () => undefined,
      setTracerProvider: () => undefined,
      setMeterProvider: () => undefined,
      getConfig: () => ({}),
    };
    await expect(startTelemetry({ traces: QUIET_TREE, instrumentations: [broken] })).rejects.toMatchObject({
      code: 'ES_TELEMETRY_START_FAILED',
      message: expect.stringContaining('no patching today'),
      cause: { message: 'no patching today' },
    });
    expect(registrations()).toEqual(NOTHING);
    await (await startForTest({ traces: QUIET_TREE })).shutdown();
  });
});

describe('what can not be delivered', () => {
  it.each(['traces', 'metrics', 'logs'] as const)('makes forceFlush fail for %s, without the secrets of the target', async (signal) => {
    const { url } = await httpReceiver(400);
    const target = { exporter: 'otlp', url: url.replace('//', '//user:s3cret@'), headers: { 'x-key': 's3cret' } } as const;
    const telemetry = await startForTest({ traces: QUIET_TREE, [signal]: target });
    tracing.span('work', () => undefined);
    createMetrics('test').counter(CARTS).add(1);
    getLogger('shop').warn('cart is small');
    const failure = await telemetry.forceFlush().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 'ES_TELEMETRY_EXPORT_FAILED', message: expect.stringContaining('Bad Request') });
    expect(inspect(failure, { depth: 10 })).not.toContain('s3cret');
    expect(inspect(logged, { depth: 10 })).not.toContain('s3cret');
  });

  it('does not make shutdown fail, but is logged and everything unregistered', async () => {
    const { url } = await httpReceiver(400);
    const telemetry = await startForTest({ traces: { exporter: 'otlp', url } });
    tracing.span('work', () => undefined);
    await telemetry.shutdown();
    expect(logged).toMatchObject([{ level: 'warn', logger: 'eventsource.telemetry', message: expect.stringContaining('Bad Request') }]);
    expect(registrations()).toEqual(NOTHING);
  });

  it('is logged when it happens by itself, and not sent as telemetry again', async () => {
    const { url, received } = await httpReceiver(400);
    await startForTest({ logs: { exporter: 'otlp', protocol: 'http/json', url } }, { OTEL_BLRP_SCHEDULE_DELAY: '5' });
    getLogger('shop').warn('cart is small');
    await vi.waitFor(() => expect(logged.map(({ logger }) => logger)).toEqual(['shop', 'eventsource.telemetry']));
    getLogger('shop').warn('second');
    await vi.waitFor(() => expect(received).toHaveLength(2));
    expect(received.map(({ body }) => body.includes('eventsource.telemetry'))).toEqual([false, false]);
  });

  it('because nobody listens is told with the address', async () => {
    const port = await deadPort();
    const telemetry = await startForTest({ traces: { exporter: 'otlp', protocol: 'grpc', url: `http://127.0.0.1:${port}` } });
    tracing.span('work', () => undefined);
    await expect(telemetry.forceFlush()).rejects.toThrow(`127.0.0.1:${port}`);
  });
});

describe('a program that ends after shutdown', () => {
  it('has delivered all its spans, and exits by itself', async () => {
    const { url, received } = await httpReceiver();
    const result = await runScript(`
      import { startTelemetry } from ${JSON.stringify(NODE_ENTRY)};
      import { createTracing } from ${JSON.stringify(MAIN_ENTRY)};
      const telemetry = await startTelemetry({ serviceName: 'child', traces: { exporter: 'otlp', protocol: 'http/json', url: '${url}' } });
      const tracing = createTracing('child');
      for (let i = 0; i < 1_000; i += 1) tracing.span('span-' + i, () => undefined);
      await telemetry.shutdown();
    `);
    expect(result).toEqual({ code: 0, stdout: '', stderr: '' });
    const spans = received.flatMap(({ body }) => JSON.parse(body.toString()).resourceSpans[0].scopeSpans[0].spans);
    expect(new Set(spans.map(({ name }: { name: string }) => name)).size).toBe(1_000);
  });

  it('has printed all its signals to the console', async () => {
    const result = await runScript(`
      import { startTelemetry } from ${JSON.stringify(NODE_ENTRY)};
      import { configureLogging, createMetrics, createTracing, getLogger } from ${JSON.stringify(MAIN_ENTRY)};
      configureLogging({ destination: { write: () => {} } });
      const telemetry = await startTelemetry({ traces: 'console', metrics: { exporter: 'console' }, logs: 'console' });
      createTracing('child').span('work', () => getLogger('child').warn('working'));
      createMetrics('child').counter(${JSON.stringify(CARTS)}).add(1);
      await telemetry.shutdown();
    `);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    for (const text of ["name: 'work'", "name: 'test.carts'", "body: 'working'"]) expect(result.stdout).toContain(text);
  });
});
