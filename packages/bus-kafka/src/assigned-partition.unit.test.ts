import type { IncomingMessage } from '@es/core';
import { expect, test } from 'vitest';
import { AssignedPartition } from './assigned-partition.ts';
import type { KafkaBatch } from './kafka-client.ts';

const batch = (first: number, count: number, last = first + count - 1): KafkaBatch => ({
  topic: 'events',
  partition: 3,
  messages: Array.from({ length: count }, (_, index) => ({
    key: Buffer.from('k'),
    value: Buffer.from('v'),
    offset: String(first + index),
    headers: { text: Buffer.from('ü'), twice: [Buffer.from('a'), Buffer.from('b')], none: undefined },
  })),
  lastOffset: () => String(last),
});

/** A partition whose messages the test settles by hand. */
function partition(window: number, metadata = '') {
  const received: { readonly message: IncomingMessage; readonly offset: number; readonly outcome: PromiseWithResolvers<void> }[] = [];
  const settled: boolean[] = [];
  const assigned = new AssignedPartition({
    topic: 'events',
    partition: 3,
    committed: { offset: 0, metadata },
    window,
    receive: (message) => {
      const outcome = Promise.withResolvers<void>();
      received.push({ message, offset: Number(message.route.attributes?.['messaging.kafka.offset']), outcome });
      return outcome.promise;
    },
    signal: new AbortController().signal,
    settled: (hasSucceeded) => settled.push(hasSucceeded),
  });
  return { assigned, received, settled, offsets: () => received.map(({ offset }) => offset) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('hands over as many as there is room for, and the next when one is done', async () => {
  const { assigned, received, offsets } = partition(2);
  assigned.take(batch(0, 4));
  expect([offsets(), assigned.isFull, assigned.inHand]).toEqual([[0, 1], true, 2]);
  let isTaken = false;
  const taken = assigned.whenTaken().then(() => {
    isTaken = true;
  });
  received[1]?.outcome.resolve();
  await turn();
  expect([offsets(), isTaken]).toEqual([[0, 1, 2], false]);
  expect(assigned.uncommitted()).toEqual({ offset: 0, metadata: 'es1:1.1' });
  received[0]?.outcome.resolve();
  await taken;
  expect([offsets(), assigned.isFull]).toEqual([[0, 1, 2, 3], false]);
});

test('a message that is not done is not committed, and makes room', async () => {
  const { assigned, received, settled, offsets } = partition(1);
  assigned.take(batch(0, 2));
  received[0]?.outcome.reject(new Error('stopped'));
  await turn();
  received[1]?.outcome.resolve();
  await turn();
  expect([offsets(), settled]).toEqual([
    [0, 1],
    [false, true],
  ]);
  expect(assigned.uncommitted()).toEqual({ offset: 0, metadata: 'es1:1.1' });
});

test('what was finished before is passed over', () => {
  const { assigned, offsets } = partition(10, 'es1:1.2');
  assigned.take(batch(0, 5));
  expect(offsets()).toEqual([0, 3, 4]);
});

test('what was not handed over is forgotten, and not committed', async () => {
  const { assigned, received } = partition(1);
  assigned.take(batch(0, 3));
  assigned.drop();
  received[0]?.outcome.resolve();
  await turn();
  expect([received.length, assigned.isFull, assigned.uncommitted()]).toEqual([1, false, { offset: 1, metadata: '' }]);
});

test('control records behind the last message count as read', async () => {
  const { assigned, received } = partition(5);
  assigned.take(batch(0, 1, 1));
  received[0]?.outcome.resolve();
  await turn();
  expect(assigned.uncommitted()).toEqual({ offset: 2, metadata: '' });
  assigned.skipTo(7);
  expect(assigned.uncommitted()).toEqual({ offset: 7, metadata: '' });
});

test('a message says where it was, and its headers as text', () => {
  const { assigned, received } = partition(1);
  assigned.take(batch(8, 1));
  expect(received[0]?.message).toMatchObject({
    route: {
      destination: 'events',
      attributes: { 'messaging.destination.partition.id': '3', 'messaging.kafka.offset': 8, 'messaging.kafka.message.key': 'k' },
    },
    headers: { text: 'ü', twice: 'b' },
  });
});
