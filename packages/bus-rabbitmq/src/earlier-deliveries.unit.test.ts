import { expect, test } from 'vitest';
import type { AmqpMessage } from './amqp-driver.ts';
import { EarlierDeliveries } from './earlier-deliveries.ts';

function aMessage(messageId: unknown, content = 'content', redelivered = true): AmqpMessage {
  return {
    content: Buffer.from(content),
    fields: { deliveryTag: 1, exchange: 'events', redelivered, routingKey: 'key' },
    properties: { messageId },
  };
}

test('what was taken back and settled is known once, when it comes again', async () => {
  const earlier = new EarlierDeliveries();
  earlier.add(aMessage('a', 'content', false), Promise.resolve(true));
  expect(await earlier.take(aMessage('a'))).toBe(true);
  expect(earlier.take(aMessage('a'))).toBeUndefined();
});

test('a message that never came before is another one, whatever its id; so is one with other content, or without an id', () => {
  const earlier = new EarlierDeliveries();
  earlier.add(aMessage('a'), Promise.resolve(true));
  earlier.add(aMessage(undefined), Promise.resolve(true));
  expect(earlier.take(aMessage('a', 'content', false))).toBeUndefined();
  expect(earlier.take(aMessage('a', 'other'))).toBeUndefined();
  expect(earlier.take(aMessage(undefined))).toBeUndefined();
});

test('what fails is forgotten, unless it was taken back once more meanwhile', async () => {
  const earlier = new EarlierDeliveries();
  const fails = Promise.resolve(false);
  earlier.add(aMessage('a'), fails);
  earlier.add(aMessage('b'), fails);
  earlier.add(aMessage('b'), Promise.resolve(true));
  await fails;
  expect(earlier.take(aMessage('a'))).toBeUndefined();
  expect(await earlier.take(aMessage('b'))).toBe(true);
});

test('of very many the oldest are forgotten', async () => {
  const earlier = new EarlierDeliveries();
  for (let count = 0; count <= 10_000; count += 1) earlier.add(aMessage(`id-${count}`), Promise.resolve(true));
  expect(earlier.take(aMessage('id-0'))).toBeUndefined();
  expect(await earlier.take(aMessage('id-1'))).toBe(true);
});
