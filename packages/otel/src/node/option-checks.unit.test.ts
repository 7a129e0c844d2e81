import { describe, expect, it } from 'vitest';
import { checkOptions } from './option-checks.ts';
import { TelemetryError } from './telemetry-error.ts';

const noop = () => undefined;

/** The message with which options are refused. */
function refusal(options: object): string {
  try {
    checkOptions(options);
  } catch (error) {
    expect(error).toBeInstanceOf(TelemetryError);
    expect(error).toMatchObject({ code: 'ES_TELEMETRY_OPTIONS', name: 'TelemetryError' });
    return (error as Error).message;
  }
  throw new Error(`not refused: ${JSON.stringify(options)}`);
}

describe('checkOptions', () => {
  it.each([
    {},
    {
      serviceName: 'shop',
      serviceVersion: undefined,
      resourceAttributes: { a: 1 },
      samplingRatio: 0.5,
      instrumentations: [[{ enable: noop }]],
    },
    { traces: false, metrics: false, logs: false },
    { traces: 'console', metrics: 'console', logs: 'console' },
    { traces: ['otlp', 'tree', { exporter: 'zipkin', url: 'http://localhost:9411', processor: 'simple' }], logs: ['otlp'] },
    { traces: { exporter: 'otlp', protocol: 'grpc', url: 'https://api.honeycomb.io:443', headers: { 'x-honeycomb-team': 'k' } } },
    { traces: { exporter: 'tree', write: noop, attributes: ['a.*'], colors: true, maxTraces: 1, maxSpans: 2 } },
    { metrics: { exporter: 'otlp', exportIntervalMillis: 1_000 }, sampler: { shouldSample: noop } },
    { traces: { export: noop }, metrics: { setMetricProducer: noop }, logs: { onEmit: noop } },
    { traces: [{ onEnd: noop, anything: 'else' }] },
  ])('lets %o through', (options) => {
    expect(() => checkOptions(options)).not.toThrow();
  });

  it.each([
    [{ servicename: 'x' }, "option servicename is not an option here; there are 'serviceName', 'serviceVersion'"],
    [{ serviceName: ' ' }, 'option serviceName is an empty text; it must be a text that is not empty.'],
    [{ serviceVersion: 2 }, 'option serviceVersion is 2; it must be a text'],
    [{ resourceAttributes: ['a'] }, 'option resourceAttributes is a list; it must be an object.'],
    [{ samplingRatio: 1.5 }, 'option samplingRatio is 1.5; it must be a number from 0 to 1.'],
    [{ samplingRatio: Number.NaN }, 'option samplingRatio is NaN'],
    [{ sampler: {} }, 'option sampler is an object; it must be a Sampler, an object with shouldSample().'],
    [{ sampler: { shouldSample: noop }, samplingRatio: 1 }, 'option sampler and samplingRatio exclude each other'],
    [{ instrumentations: [{}] }, 'option instrumentations must be a list of instrumentations, objects with enable().'],
    [
      { traces: 'jaeger' },
      "option traces is none of 'console', 'tree', 'otlp', 'zipkin', nor an object with such an exporter, nor a SpanExporter",
    ],
    [{ traces: true }, 'option traces is none of'],
    [{ traces: null }, 'option traces is none of'],
    [{ traces: 'constructor' }, 'option traces is none of'],
    [{ metrics: 'zipkin' }, "option metrics is none of 'console', 'otlp', nor an object with such an exporter, nor a metric reader."],
    [
      { logs: [{ exporter: 'tree' }] },
      "option logs[0] is none of 'console', 'otlp', nor an object with such an exporter, nor a LogRecordProcessor.",
    ],
    [{ traces: [] }, 'option traces is an empty list; write false for nowhere.'],
    [
      { traces: ['tree', { exporter: 'otlp', header: {} }] },
      "option traces[1].header is not an option here; there are 'exporter', 'protocol', 'url'",
    ],
    [{ logs: { exporter: 'otlp', processor: 'simple' } }, 'option logs.processor is not an option here'],
    [{ traces: { exporter: 'otlp', protocol: 'http' } }, "option traces.protocol must be one of 'grpc', 'http/protobuf', 'http/json'."],
    [{ traces: { exporter: 'otlp', processor: 'bulk' } }, "option traces.processor must be one of 'batch', 'simple'."],
    [
      { traces: { exporter: 'otlp', url: 'localhost:4317' } },
      'option traces.url is not a URL; write http://host:port for a connection in the clear',
    ],
    [{ traces: { exporter: 'otlp', url: '' } }, 'option traces.url is an empty text'],
    [
      { traces: { exporter: 'otlp', protocol: 'grpc', url: 'http://h:4317/v1/traces' } },
      'option traces.url (http://h:4317/v1/traces) has a path',
    ],
    [{ traces: { exporter: 'otlp', headers: 'a=b' } }, 'option traces.headers is a text; it must be an object.'],
    [{ traces: { exporter: 'otlp', headers: { 'a b': 'c' } } }, 'option traces.headers has a name with other characters'],
    [{ traces: { exporter: 'otlp', headers: { 'x-key': 1 } } }, "option traces.headers['x-key'] has a value that can not be sent"],
    [{ metrics: { exporter: 'otlp', exportIntervalMillis: 0 } }, 'option metrics.exportIntervalMillis is 0; it must be a number above 0.'],
    [{ traces: { exporter: 'tree', write: 'x' } }, 'option traces.write is a text; it must be a function.'],
    [{ traces: { exporter: 'tree', attributes: 'a' } }, 'option traces.attributes is a text; it must be a list of names.'],
    [{ traces: { exporter: 'tree', attributes: ['a', 1] } }, 'option traces.attributes[1] is 1; it must be a text'],
    [{ traces: { exporter: 'tree', colors: 'yes' } }, 'option traces.colors is a text; it must be true or false.'],
    [{ traces: { exporter: 'tree', maxSpans: -1 } }, 'option traces.maxSpans is -1; it must be a number above 0.'],
  ])('refuses %o', (options, message) => {
    expect(refusal(options)).toContain(`startTelemetry: ${message}`);
  });

  it.each([
    { traces: 's3cret' },
    { traces: 'https://user:s3cret@host' },
    { traces: { exporter: 's3cret' } },
    { traces: { exporter: 'otlp', url: 's3cret' } },
    { traces: { exporter: 'otlp', url: 'ftp://user:s3cret@host' } },
    { traces: { exporter: 'otlp', protocol: 'grpc', url: 'https://user:s3cret@host/path?key=s3cret#s3cret' } },
    { traces: { exporter: 'otlp', protocol: 's3cret' } },
    { traces: { exporter: 'otlp', headers: 'authorization=s3cret' } },
    { traces: { exporter: 'otlp', headers: { authorization: 's3cret\n' } } },
    { traces: { exporter: 'otlp', headers: { 's3cret key': 'x' } } },
    { serviceVersion: ['s3cret'] },
  ])('keeps the secret in %o to itself', (options) => {
    expect(refusal(options)).not.toContain('s3cret');
  });
});
