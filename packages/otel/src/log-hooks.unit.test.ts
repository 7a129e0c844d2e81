import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import winston from 'winston';
import { LineSink, resetLogging } from './logging.fixture.ts';
import { configureLogging, getLogger } from './logging-hierarchy.ts';
import { pinoTraceMixin } from './pino-hooks.ts';
import { registerTracing, type SpanRecorder, unregisterAll } from './sdk.fixture.ts';
import { createTracing } from './tracing.ts';
import { winstonTraceFormat } from './winston-hooks.ts';

let spans: SpanRecorder;
let sink: LineSink;
const tracing = createTracing('orders');

beforeEach(() => {
  resetLogging();
  spans = registerTracing();
  sink = new LineSink();
});
afterEach(() => {
  unregisterAll();
  resetLogging();
});

function expectedFields(): Record<string, string> {
  const { traceId, spanId } = spans.one('work').spanContext();
  return { trace_id: traceId, span_id: spanId, trace_flags: '01' };
}

const TRACE_KEYS = ['trace_id', 'span_id', 'trace_flags'];
const occurrences = (text: string, key: string) => text.split(`"${key}"`).length - 1;

describe('pinoTraceMixin', () => {
  test('puts the trace fields on records inside a span', () => {
    const logger = pino({ mixin: pinoTraceMixin() }, sink);
    tracing.span('work', () => logger.info({ order: 1 }, 'placed'));
    expect(sink.one().record).toMatchObject({ ...expectedFields(), order: 1, msg: 'placed' });
  });

  test('puts none of them on records outside', () => {
    pino({ mixin: pinoTraceMixin() }, sink).info('idle');
    for (const key of TRACE_KEYS) expect(sink.one().record).not.toHaveProperty(key);
  });
});

describe('a pino logger as the destination', () => {
  test('gets records with logger, fields, message and level', () => {
    configureLogging({ destination: pino({ base: null }, sink) });
    getLogger('eventsource.bus').child({ topic: 'orders' }).warn({ tries: 2 }, 'busy');
    const { record } = sink.one();
    expect(record).toEqual({ level: 40, time: expect.any(Number), logger: 'eventsource.bus', topic: 'orders', tries: 2, msg: 'busy' });
  });

  test('serializes an error under err', () => {
    configureLogging({ destination: pino(sink) });
    getLogger('eventsource').error(new RangeError('torn page'));
    expect(sink.one().record).toMatchObject({ msg: 'torn page', err: { type: 'RangeError', message: 'torn page' } });
  });

  test.each([
    ['without the mixin', {}],
    ['with the mixin', { mixin: pinoTraceMixin() }],
  ])('gets the trace fields once inside a span, %s', (_, options) => {
    configureLogging({ destination: pino(options, sink) });
    tracing.span('work', () => getLogger('eventsource').child({ topic: 'orders' }).warn({ tries: 2 }, 'busy'));
    const { text, record } = sink.one();
    expect(record).toMatchObject(expectedFields());
    for (const key of TRACE_KEYS) expect(occurrences(text, key), key).toBe(1);
  });

  test.each([
    ['without the mixin', {}],
    ['with the mixin', { mixin: pinoTraceMixin() }],
  ])('gets none of them outside, %s', (_, options) => {
    configureLogging({ destination: pino(options, sink) });
    getLogger('eventsource').warn('idle');
    for (const key of TRACE_KEYS) expect(sink.one().record).not.toHaveProperty(key);
  });
});

describe('winstonTraceFormat', () => {
  const winstonLogger = () =>
    winston.createLogger({
      format: winston.format.combine(winstonTraceFormat(), winston.format.json()),
      transports: [new winston.transports.Stream({ stream: sink })],
    });

  test('puts the trace fields on records inside a span', () => {
    const logger = winstonLogger();
    tracing.span('work', () => logger.info('placed', { order: 1 }));
    expect(sink.one().record).toEqual({ level: 'info', message: 'placed', order: 1, ...expectedFields() });
  });

  test('puts none of them on records outside', () => {
    winstonLogger().info('idle');
    expect(sink.one().record).toEqual({ level: 'info', message: 'idle' });
  });
});
