import { DiagLogLevel, diag } from '@opentelemetry/api';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test, vi } from 'vitest';
import type { Logger, LogLevel } from './logger.ts';
import { recordLogs, resetLogging } from './logging.fixture.ts';
import { configureLogging, getLogger } from './logging-hierarchy.ts';
import { registerTracing, unregisterAll } from './sdk.fixture.ts';
import { createTracing } from './tracing.ts';
import { UsageError } from './usage-error.ts';

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const enabled = (name: string) => LEVELS.filter((level) => getLogger(name).isLevelEnabled(level));

beforeEach(resetLogging);
afterEach(() => {
  resetLogging();
  unregisterAll();
  diag.disable();
  vi.useRealTimers();
});

describe('records', () => {
  test('have level, time, logger, message and fields', () => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
    const records = recordLogs();
    const logger = getLogger('eventsource.stores');
    logger.warn({ path: 'a.db' }, 'slow');
    logger.error('broken');
    logger.fatal({ path: 'b.db' });
    const common = { time: 1_700_000_000_000, logger: 'eventsource.stores' };
    expect(records).toEqual([
      { ...common, level: 'warn', message: 'slow', fields: { path: 'a.db' } },
      { ...common, level: 'error', message: 'broken', fields: {} },
      { ...common, level: 'fatal', fields: { path: 'b.db' } },
    ]);
  });

  test('carry an error as err, with its message when none is given', () => {
    const records = recordLogs();
    const error = new RangeError('torn page');
    getLogger('eventsource').error(error);
    getLogger('eventsource').error(error, 'reading failed');
    expect(records).toMatchObject([
      { message: 'torn page', fields: { err: error } },
      { message: 'reading failed', fields: { err: error } },
    ]);
  });

  test('of a child carry its bindings, which fields of a call go before', () => {
    const records = recordLogs();
    const child = getLogger('eventsource').child({ path: 'a.db', tries: 0 }).child({ mode: 'wal' });
    child.warn({ tries: 2 }, 'busy');
    expect(records).toMatchObject([{ logger: 'eventsource', fields: { path: 'a.db', mode: 'wal', tries: 2 } }]);
  });

  test('carry the trace fields inside a span, and none of the three outside', async () => {
    const recorder = registerTracing();
    const records = recordLogs();
    const logger = getLogger('eventsource');
    logger.warn('before');
    await createTracing('orders').span('work', async () => {
      await Promise.resolve();
      logger.warn({ a: 1 }, 'inside');
    });
    logger.warn('after');
    const { traceId, spanId } = recorder.one('work').spanContext();
    expect(records.map((record) => record.fields)).toEqual([{}, { a: 1, trace_id: traceId, span_id: spanId, trace_flags: '01' }, {}]);
  });

  test('that the destination refuses do not reach the caller, but the diagnostics', () => {
    const error = vi.fn();
    diag.setLogger({ error, warn: vi.fn(), info: vi.fn(), debug: vi.fn(), verbose: vi.fn() }, DiagLogLevel.ERROR);
    const write = () => {
      throw new Error('disk full');
    };
    configureLogging({ destination: { write } });
    getLogger('eventsource').warn('x');
    expect(error).toHaveBeenCalledWith(expect.stringContaining("'eventsource'"), expect.objectContaining({ message: 'disk full' }));
  });

  test('are made by methods that need no this', () => {
    const records = recordLogs();
    const { warn } = getLogger('eventsource');
    warn('x');
    expect(records).toHaveLength(1);
  });
});

describe('levels', () => {
  test('start at warn', () => {
    expect(enabled('eventsource.bus')).toEqual(['warn', 'error', 'fatal']);
  });

  test('hold for the names below, until one has its own', () => {
    configureLogging({ level: 'error', levels: { eventsource: 'info', 'eventsource.stores.sqlite': 'debug' } });
    expect(enabled('other')[0]).toBe('error');
    expect(enabled('eventsource')[0]).toBe('info');
    expect(enabled('eventsource.stores')[0]).toBe('info');
    expect(enabled('eventsource.stores.sqlite')[0]).toBe('debug');
    expect(enabled('eventsource.stores.sqlite.writer')[0]).toBe('debug');
    expect(enabled('eventsource.stores.sqlite2')[0]).toBe('info');
    expect(enabled('eventsourcing')[0]).toBe('error');
  });

  test('can be set and taken back on a logger, for loggers and children that exist already', () => {
    const records = recordLogs();
    const logger = getLogger('eventsource.bus');
    const child = logger.child({ topic: 'orders' });
    logger.debug('no');
    getLogger('eventsource').setLevel('debug');
    logger.debug('yes');
    child.debug('yes');
    logger.setLevel('silent');
    logger.fatal('no');
    child.fatal('no');
    logger.setLevel(undefined);
    child.debug('yes');
    getLogger('eventsource').setLevel(undefined);
    child.info('no');
    expect(records.map((record) => record.message)).toEqual(['yes', 'yes', 'yes']);
  });

  test('of a configuration stay as they are when the next one does not name them', () => {
    configureLogging({ level: 'info', levels: { a: 'trace' } });
    configureLogging({ levels: { b: 'fatal' } });
    expect([enabled('x')[0], enabled('a')[0], enabled('b')[0]]).toEqual(['info', 'trace', 'fatal']);
  });

  test('of the destination count too', () => {
    configureLogging({ level: 'trace', destination: pino({ level: 'error' }, { write: () => undefined }) });
    expect(enabled('eventsource')).toEqual(['error', 'fatal']);
  });

  test.each([
    ['setLevel', () => getLogger('eventsource.bus').setLevel('warning' as LogLevel), "'warning' for logger 'eventsource.bus'"],
    ['level', () => configureLogging({ level: 'WARN' as LogLevel }), "'WARN' for all loggers"],
    ['levels', () => configureLogging({ levels: { a: 'toString' as LogLevel } }), "'toString' for logger 'a'"],
  ])('that do not exist are refused: %s', (_, set, text) => {
    expect(set).toThrow(UsageError);
    expect(set).toThrow(text);
    expect(set).toThrow('use one of trace, debug, info, warn, error, fatal, silent');
  });
});

describe('a destination', () => {
  test('that is one of our own loggers is refused', () => {
    expect(() => configureLogging({ destination: getLogger('eventsource') })).toThrow(UsageError);
    expect(() => configureLogging({ destination: getLogger('eventsource') })).toThrow('cannot be it');
  });

  test('that can neither write nor log is refused', () => {
    expect(() => configureLogging({ destination: {} as Logger })).toThrow('an object with write(record)');
  });

  test('is shared by two copies of the module, and so are levels', async () => {
    const records = recordLogs();
    vi.resetModules();
    const copy = await import('./logging-hierarchy.ts');
    expect(copy.getLogger).not.toBe(getLogger);
    configureLogging({ levels: { eventsource: 'debug' } });
    copy.getLogger('eventsource.bus').debug('from the copy');
    copy.configureLogging({ levels: { eventsource: 'error' } });
    getLogger('eventsource.bus').warn('too low now');
    expect(records.map((record) => record.message)).toEqual(['from the copy']);
  });

  test('is the console at first', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    resetLogging();
    getLogger('eventsource.bus').warn('careful');
    expect(warn).toHaveBeenCalledWith('%s', expect.stringContaining('WARN eventsource.bus: careful'));
    warn.mockRestore();
  });
});

test('types: a pino logger is a Logger, and so is a named one', () => {
  expectTypeOf<pino.Logger>().toExtend<Logger>();
  expectTypeOf(getLogger('eventsource')).toExtend<Logger>();
});
