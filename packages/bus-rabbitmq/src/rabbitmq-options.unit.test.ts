import { expect, test } from 'vitest';
import { RabbitMQDeadLetterStore, RabbitMQEventBus } from './index.ts';
import type { RabbitMQEventBusOptions } from './rabbitmq-options.ts';

const url = 'amqp://guest:secret@localhost';

test('options that can’t be meant are refused, with their names', () => {
  const wrong: readonly [string, Partial<Record<keyof RabbitMQEventBusOptions, unknown>>][] = [
    ['partitions', { partitions: 65 }],
    ['partitions', { partitions: 0 }],
    ['prefetch', { prefetch: 65_536 }],
    ['deliveryLimit', { deliveryLimit: 1.5 }],
    ['rebalanceIntervalMs', { rebalanceIntervalMs: 0 }],
    ['ordering', { ordering: 'some' }],
    ['unroutable', { unroutable: 'drop' }],
    ['bindings', { bindings: [] }],
    ['exchange', { exchange: '' }],
    ['consumerGroup', { consumerGroup: '' }],
    ['publishTimeoutMs', { publishTimeoutMs: 0 }],
  ];
  for (const [name, options] of wrong) {
    const build = (): unknown => new RabbitMQEventBus({ url, ...options } as RabbitMQEventBusOptions);
    expect(build, name).toThrow(expect.objectContaining({ code: 'ES_INVALID_ARGUMENT', message: expect.stringContaining(name) }));
  }
});

test('there is one way to the broker, and a wrong one is not shown with its password', () => {
  for (const location of [
    {},
    { url, connect: () => Promise.reject(new Error()) },
    { url: 'http://guest:secret@localhost' },
    { url: 'localhost' },
  ]) {
    for (const build of [
      () => new RabbitMQEventBus(location as RabbitMQEventBusOptions),
      () => new RabbitMQDeadLetterStore({ ...(location as { url: string }), consumerGroup: 'readers' }),
    ]) {
      expect(build).toThrow(expect.objectContaining({ code: 'ES_INVALID_ARGUMENT', message: expect.not.stringContaining('secret') }));
    }
  }
});
