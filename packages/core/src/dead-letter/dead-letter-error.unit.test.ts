import { expect, test } from 'vitest';
import { ConcurrencyError } from '../errors/concurrency-error.ts';
import { describeError } from './dead-letter-error.ts';

test('keeps name, code and message', () => {
  expect(describeError(new TypeError('no'))).toEqual({ name: 'TypeError', message: 'no' });
  const conflict = new ConcurrencyError({ aggregateType: 'Task', aggregateId: '1' }, 1, 2);
  expect(describeError(conflict)).toEqual({ name: 'ConcurrencyError', code: 'ES_CONCURRENCY', message: conflict.message });
});

test.each([
  ['connect amqp://app:s3cret@host:5672/vhost failed', 'connect amqp://app:***@host:5672/vhost failed'],
  ['postgres://a:b@x and kafka+ssl://c:d@y', 'postgres://a:***@x and kafka+ssl://c:***@y'],
  ['redis://:only-password@host', 'redis://:***@host'],
  ['http://host:8080/path?mail=a@b.c', 'http://host:8080/path?mail=a@b.c'],
])('masks the passwords in %s', (message, masked) => {
  expect(describeError(new Error(message)).message).toBe(masked);
});

test.each([
  ['a text', 'a text'],
  [undefined, 'undefined'],
  [Symbol('s'), 'Symbol(s)'],
  [Object.create(null), '[object Object]'],
])('bears that %s was thrown', (thrown, message) => {
  expect(describeError(thrown)).toEqual({ name: '_OTHER', message });
});
