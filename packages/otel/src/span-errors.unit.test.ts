import { runInNewContext } from 'node:vm';
import { DiagLogLevel, diag, type Span, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { registerTracing, unregisterAll } from './sdk.fixture.ts';
import { errorType, recordFailure } from './span-errors.ts';
import { createTracing } from './tracing.ts';

class OutOfStock extends Error {}
class Renamed extends Error {
  override readonly name = 'StockError';
}

const aborted = AbortSignal.abort().reason as unknown;

describe('errorType', () => {
  test.each([
    ['the code of an error', Object.assign(new Error('x'), { code: 'ES_CONCURRENCY' }), 'ES_CONCURRENCY'],
    ['the name of a built-in error', new TypeError('x'), 'TypeError'],
    ['the class of an error that kept the name Error', new OutOfStock('x'), 'OutOfStock'],
    ['the name that a class gives itself', new Renamed('x'), 'StockError'],
    ['the plain Error', new Error('x'), 'Error'],
    ['a code that is a number is passed over', Object.assign(new OutOfStock('x'), { code: 5 }), 'OutOfStock'],
    ['a code that is empty is passed over', Object.assign(new OutOfStock('x'), { code: '' }), 'OutOfStock'],
    ['an abort of the platform', aborted, 'AbortError'],
    ['an abort with a code', Object.assign(new Error('x'), { name: 'AbortError', code: 'ABORT_ERR' }), 'AbortError'],
    ['a timeout of the platform', new DOMException('late', 'TimeoutError'), 'TimeoutError'],
    ['an error of another realm', runInNewContext('new RangeError("x")') as unknown, 'RangeError'],
    ['an error without a class', Object.assign(Object.create(null), { name: 'Error', message: 'x' }) as unknown, 'Error'],
    ['text', 'out of stock', '_OTHER'],
    ['nothing', undefined, '_OTHER'],
    ['null', null, '_OTHER'],
    ['an object that is no error', { code: 'X' }, '_OTHER'],
  ])('%s', (_, error, type) => {
    expect(errorType(error)).toBe(type);
  });
});

describe('recordFailure', () => {
  afterEach(unregisterAll);

  function failedSpan(error: unknown): ReadableSpan {
    const recorder = registerTracing();
    createTracing('orders').span('work', (span) => recordFailure(span as Span, error));
    return recorder.one('work');
  }

  test('sets status, error.type and the exception with its class and stack', () => {
    const error = Object.assign(new OutOfStock('none left'), { code: 'ES_STOCK' });
    const span = failedSpan(error);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message: 'none left' });
    expect(span.attributes).toEqual({ 'error.type': 'ES_STOCK' });
    expect(span.events).toHaveLength(1);
    expect(span.events[0]?.attributes).toEqual({
      'exception.type': 'OutOfStock',
      'exception.message': 'none left',
      'exception.stacktrace': error.stack,
    });
  });

  test.each([
    ['text', 'out of stock', 'out of stock'],
    ['undefined', undefined, 'undefined'],
    ['a symbol', Symbol('stock'), 'Symbol(stock)'],
    ['an object that has no text', Object.create(null) as unknown, '[object Object]'],
  ])('describes what is no error: %s', (_, thrown, message) => {
    const span = failedSpan(thrown);
    expect(span.status).toEqual({ code: SpanStatusCode.ERROR, message });
    expect(span.attributes).toEqual({ 'error.type': '_OTHER' });
    expect(span.events[0]?.attributes).toEqual({ 'exception.type': '_OTHER', 'exception.message': message });
  });

  test('records an error without a stack', () => {
    const error = Object.assign(new Error('x'), { stack: undefined });
    expect(failedSpan(error).events[0]?.attributes).toEqual({ 'exception.type': 'Error', 'exception.message': 'x' });
  });

  test('leaves a span alone that has ended', () => {
    const warn = vi.fn();
    diag.setLogger({ error: vi.fn(), warn, info: vi.fn(), debug: vi.fn(), verbose: vi.fn() }, DiagLogLevel.WARN);
    registerTracing();
    const span = createTracing('orders').span('work', (current) => current);
    recordFailure(span as Span, new Error('late'));
    expect(warn).not.toHaveBeenCalled();
    diag.disable();
  });
});
