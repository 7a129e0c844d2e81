import { describe, expect, it } from 'vitest';
import { MAIN_ENTRY, NODE_ENTRY, runScript } from './child.fixture.ts';
import { deadPort, grpcReceiver, httpReceiver } from './receivers.fixture.ts';

/** A program that makes a span, a count and a log record, and stops. */
function program(options: string): string {
  return `
    import { startTelemetry } from ${JSON.stringify(NODE_ENTRY)};
    import { configureLogging, createMetrics, createTracing, getLogger, injectContext } from ${JSON.stringify(MAIN_ENTRY)};
    configureLogging({ destination: { write: () => {} } });
    const telemetry = await startTelemetry(${options});
    const carrier = createTracing('test').span('make_cart', () => {
      createMetrics('test').counter({ name: 'test.carts', kind: 'counter', unit: '{cart}', description: 'Carts.' }).add(1);
      getLogger('shop').warn('cart is small');
      return injectContext({});
    });
    console.log('carrier ' + JSON.stringify(carrier));
    await telemetry.shutdown();
  `;
}

async function resourceSent(options: string, env: Record<string, string>): Promise<Record<string, unknown>> {
  const { url, received } = await httpReceiver();
  const result = await runScript(program(options), { ...env, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_ENDPOINT: url });
  expect(result).toMatchObject({ code: 0, stderr: '' });
  const traces = received.find(({ path }) => path === '/v1/traces');
  const { resource } = JSON.parse(traces?.body.toString() ?? '').resourceSpans[0];
  return Object.fromEntries(
    resource.attributes.map(({ key, value }: { key: string; value: Record<string, unknown> }) => [key, Object.values(value)[0]]),
  );
}

describe('the OTEL_* environment', () => {
  it('decides where all signals go when no option names one', async () => {
    const { url, received } = await httpReceiver();
    const result = await runScript(program(''), { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_HEADERS: 'x-team=blue' });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(received.map(({ path }) => path).sort()).toEqual(['/v1/logs', '/v1/metrics', '/v1/traces']);
    expect(received.map(({ headers }) => headers['x-team'])).toEqual(['blue', 'blue', 'blue']);
    expect(received[0]?.headers['content-type']).toBe('application/x-protobuf');
  });

  it('decides about the signals that the options leave out', async () => {
    const { url, received } = await httpReceiver();
    const result = await runScript(program("{ traces: 'tree' }"), { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: `${url}/v1/metrics` });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(/^trace \w{32}\nmake_cart/);
    expect(received.map(({ path }) => path)).toEqual(['/v1/metrics']);
  });

  it('fills in what a target leaves out: endpoint, protocol and headers', async () => {
    const { url, received } = await grpcReceiver();
    const result = await runScript(program("{ traces: { exporter: 'otlp', headers: { 'x-team': 'red' } } }"), {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: url,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-team=blue,x-region=north',
    });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(received.map(({ metadata }) => metadata)).toMatchObject([{ 'x-team': 'red', 'x-region': 'north' }]);
  });

  it('gives way to a target that says it all', async () => {
    const { url, received } = await httpReceiver();
    const result = await runScript(program(`{ traces: { exporter: 'otlp', protocol: 'http/json', url: '${url}' } }`), {
      OTEL_TRACES_EXPORTER: 'console',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `http://127.0.0.1:${await deadPort()}`,
      OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc',
    });
    expect(result).toMatchObject({ code: 0, stderr: '', stdout: expect.not.stringContaining('make_cart') });
    expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
  });

  it('leaves a signal alone that an option switches off', async () => {
    const { url, received } = await httpReceiver();
    const result = await runScript(program('{ metrics: false, logs: false }'), { OTEL_EXPORTER_OTLP_ENDPOINT: url });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
  });

  it('names exporters', async () => {
    const { url, received } = await httpReceiver();
    const result = await runScript(program(''), {
      OTEL_TRACES_EXPORTER: 'console,zipkin',
      OTEL_EXPORTER_ZIPKIN_ENDPOINT: `${url}/api/v2/spans`,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'console',
    });
    expect(result.code).toBe(0);
    expect(result.stdout).toContain("name: 'make_cart'");
    expect(result.stdout).toContain("body: 'cart is small'");
    expect(received.map(({ path }) => path)).toEqual(['/api/v2/spans']);
  });

  it('describes the service, below what the options say', async () => {
    const env = {
      OTEL_SERVICE_NAME: 'env-name',
      OTEL_RESOURCE_ATTRIBUTES: 'service.version=1,team=blue,service.name=other,host.name=mine',
    };
    expect(await resourceSent('', env)).toMatchObject({
      'service.name': 'env-name',
      'service.version': '1',
      team: 'blue',
      'host.name': 'mine',
    });
    const options = "{ serviceName: 'code-name', serviceVersion: '2', resourceAttributes: { team: 'red' } }";
    expect(await resourceSent(options, env)).toMatchObject({ 'service.name': 'code-name', 'service.version': '2', team: 'red' });
  });

  it('chooses the detectors; by default the command line stays at home', async () => {
    const standard = await resourceSent('', {});
    expect(Object.keys(standard)).toEqual(expect.arrayContaining(['host.name', 'os.type', 'service.instance.id']));
    expect(Object.keys(standard).filter((key) => key.startsWith('process.'))).toEqual([]);
    const chosen = await resourceSent('', { OTEL_NODE_RESOURCE_DETECTORS: 'process,serviceinstance', OTEL_SERVICE_NAME: 'shop' });
    expect(Object.keys(chosen)).toEqual(expect.arrayContaining(['process.pid', 'service.instance.id']));
    expect(chosen).not.toHaveProperty('host.name');
    expect(chosen['service.name']).toBe('shop');
    expect(Object.keys(await resourceSent('', { OTEL_NODE_RESOURCE_DETECTORS: 'all' }))).toEqual(
      expect.arrayContaining(['process.pid', 'host.name', 'os.type', 'service.instance.id']),
    );
  });

  it('samples', async () => {
    const { url, received } = await httpReceiver();
    await runScript(program(`{ traces: { exporter: 'otlp', url: '${url}' } }`), { OTEL_TRACES_SAMPLER: 'always_off' });
    expect(received).toEqual([]);
    await runScript(program(`{ traces: { exporter: 'otlp', url: '${url}' }, samplingRatio: 1 }`), { OTEL_TRACES_SAMPLER: 'always_off' });
    expect(received.map(({ path }) => path)).toEqual(['/v1/traces']);
  });

  it('chooses the propagators', async () => {
    const { stdout } = await runScript(program("{ traces: 'tree' }"), { OTEL_PROPAGATORS: 'b3' });
    expect(JSON.parse(/carrier (.*)/.exec(stdout)?.[1] ?? '')).toHaveProperty('b3');
  });

  it('sets the level of the SDK’s diagnostics, which have nothing to say about a restart', async () => {
    const script = `
      import { startTelemetry } from ${JSON.stringify(NODE_ENTRY)};
      for (const round of [1, 2]) await (await startTelemetry({ traces: 'tree' })).shutdown();
    `;
    expect(await runScript(script, { OTEL_LOG_LEVEL: 'warn' })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await runScript(script, { OTEL_LOG_LEVEL: 'debug' })).stdout).toContain('Registered a global');
  });

  it('switches everything off with OTEL_SDK_DISABLED', async () => {
    const { url, received } = await httpReceiver();
    const options = `{ traces: ['tree', { exporter: 'otlp', url: '${url}' }] }`;
    const result = await runScript(program(options), { OTEL_SDK_DISABLED: 'true' });
    expect(result).toEqual({ code: 0, stderr: '', stdout: 'carrier {}\n' });
    expect(received).toEqual([]);
  });
});

describe('signals that neither the options nor the environment name', () => {
  it('are off as soon as an option names another', async () => {
    const result = await runScript(program("{ traces: 'tree' }"), { OTEL_LOG_LEVEL: 'debug' });
    expect(result.code).toBe(0);
    expect(result.stdout).toContain('make_cart');
    expect(`${result.stdout}${result.stderr}`).not.toMatch(/4318|ECONNREFUSED|OTLPExportDelegate/);
  });

  it('go to OTLP on localhost, as the specification says, when the options only switch others off', async () => {
    const result = await runScript(program('{ metrics: false, logs: false }'), {
      OTEL_LOG_LEVEL: 'debug',
      OTEL_TRACES_SAMPLER: 'always_off',
    });
    expect(result.code).toBe(0);
    expect(`${result.stdout}${result.stderr}`).toContain('OTEL_TRACES_EXPORTER is empty. Using default otlp exporter.');
  });
});
