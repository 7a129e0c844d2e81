import { InMemoryLogRecordExporter, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { configureLogging, createTracing, getLogger, type LogRecord } from '../index.ts';
import { startForTest } from './running.fixture.ts';

let logged: LogRecord[];
let exporter: InMemoryLogRecordExporter;

beforeEach(() => {
  logged = [];
  exporter = new InMemoryLogRecordExporter();
  configureLogging({ destination: { write: (record) => logged.push(record) }, level: 'trace' });
});

function startWithLogs() {
  return startForTest({
    serviceName: 'shop',
    traces: { exporter: 'tree', write: () => undefined },
    logs: new SimpleLogRecordProcessor({ exporter }),
  });
}

describe('the log records of components', () => {
  it('go to OpenTelemetry beside the destination, tied to the span in which they were made', async () => {
    await startWithLogs();
    const spanContext = createTracing('test').span('work', (span) => {
      getLogger('shop.carts').info({ cart: 'c1' }, 'made');
      return span?.spanContext();
    });
    getLogger('shop.carts').error('outside');
    const [inside, outside] = exporter.getFinishedLogRecords();
    expect(inside).toMatchObject({
      severityText: 'info',
      severityNumber: 9,
      body: 'made',
      instrumentationScope: { name: 'shop.carts' },
      attributes: { cart: 'c1' },
      spanContext: { traceId: spanContext?.traceId, spanId: spanContext?.spanId, traceFlags: 1 },
    });
    expect(inside?.attributes).not.toHaveProperty('trace_id');
    expect(inside?.resource.attributes['service.name']).toBe('shop');
    expect(outside).toMatchObject({ severityText: 'error', severityNumber: 17, body: 'outside' });
    expect(outside?.spanContext).toBeUndefined();
    expect(logged.map(({ message }) => message)).toEqual(['made', 'outside']);
  });

  it('keep their time', async () => {
    await startWithLogs();
    vi.spyOn(Date, 'now').mockReturnValueOnce(1_700_000_000_123);
    getLogger('shop').warn('made');
    expect(exporter.getFinishedLogRecords()[0]?.hrTime).toEqual([1_700_000_000, 123_000_000]);
  });

  it('have attributes that OpenTelemetry can carry', async () => {
    await startWithLogs();
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    getLogger('shop').warn({
      text: 'a',
      number: 1.5,
      yes: true,
      position: 12345678901234567890n,
      names: ['a', 'b'],
      mixed: [1, 'b'],
      nested: { at: new Date(0), position: 7n },
      circular,
      nothing: null,
      missing: undefined,
    });
    expect(exporter.getFinishedLogRecords()[0]?.attributes).toEqual({
      text: 'a',
      number: 1.5,
      yes: true,
      position: '12345678901234567890',
      names: ['a', 'b'],
      mixed: '[1,"b"]',
      nested: '{"at":"1970-01-01T00:00:00.000Z","position":"7"}',
      circular: '[object Object]',
    });
  });

  it('carry an error under the names of the conventions', async () => {
    await startWithLogs();
    const error = new RangeError('too many');
    getLogger('shop').error({ err: error }, 'failed');
    expect(exporter.getFinishedLogRecords()[0]?.attributes).toEqual({
      'exception.type': 'RangeError',
      'exception.message': 'too many',
      'exception.stacktrace': error.stack,
    });
  });

  it('obey the levels of their loggers', async () => {
    await startWithLogs();
    configureLogging({ levels: { 'shop.quiet': 'error' } });
    getLogger('shop.quiet').warn('not this');
    getLogger('shop.quiet').error('but this');
    expect(exporter.getFinishedLogRecords().map(({ body }) => body)).toEqual(['but this']);
  });

  it('go there too when the destination does not want their level, or fails', async () => {
    configureLogging({
      destination: {
        isLevelEnabled: (level) => level === 'fatal',
        write: () => {
          throw new Error('disk full');
        },
      },
    });
    await startWithLogs();
    getLogger('shop').warn('unwanted');
    getLogger('shop').fatal('failing');
    expect(exporter.getFinishedLogRecords().map(({ body }) => body)).toEqual(['unwanted', 'failing']);
  });

  it('go only to the destination again after shutdown', async () => {
    const telemetry = await startWithLogs();
    await telemetry.shutdown();
    getLogger('shop').warn('after');
    expect(logged.map(({ message }) => message)).toEqual(['after']);
  });

  it('go where they were sent in the meantime after shutdown', async () => {
    const telemetry = await startWithLogs();
    const later: LogRecord[] = [];
    configureLogging({ destination: { write: (record) => later.push(record) } });
    await telemetry.shutdown();
    getLogger('shop').warn('after');
    expect(later.map(({ message }) => message)).toEqual(['after']);
    expect(logged).toEqual([]);
  });

  it('stay with the destination when logs are switched off', async () => {
    await startForTest({ traces: { exporter: 'tree', write: () => undefined }, logs: false });
    getLogger('shop').warn('made');
    expect(logged).toHaveLength(1);
  });
});
