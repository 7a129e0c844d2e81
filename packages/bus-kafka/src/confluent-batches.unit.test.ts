import { expect, test } from 'vitest';
import { batchesOf, byTopic } from './confluent-batches.ts';

const message = (partition: number, offset: number) => ({ topic: 'events', partition, offset, key: 'a', value: Buffer.from('x') });
const end = (partition: number, offset: number, behind: number) => ({ topic: 'events', partition, offset, behind });
const summary = (...given: Parameters<typeof batchesOf>) =>
  batchesOf(...given).map(({ partition, messages, next }) => ({ partition, offsets: messages.map(({ offset }) => offset), next }));

test('each partition gets its records in their order', () => {
  expect(summary([message(1, 4), message(0, 9), message(1, 5)], [])).toEqual([
    { partition: 1, offsets: ['4', '5'], next: 6 },
    { partition: 0, offsets: ['9'], next: 10 },
  ]);
});

test('an end behind the last record says how far there is nothing more: the end of a transaction counts as read', () => {
  expect(summary([message(1, 4), message(1, 5)], [end(1, 8, 2)])).toEqual([{ partition: 1, offsets: ['4', '5'], next: 8 }]);
});

test('an end that was reached before further records came does not count', () => {
  expect(summary([message(1, 4), message(1, 9)], [end(1, 8, 1)])).toEqual([{ partition: 1, offsets: ['4', '9'], next: 10 }]);
});

test('an end of a partition without records is told by itself', () => {
  expect(summary([message(0, 1)], [end(1, 8, 0)])).toEqual([
    { partition: 0, offsets: ['1'], next: 2 },
    { partition: 1, offsets: [], next: 8 },
  ]);
});

test('of a header that is there several times the last one counts; a key is bytes', () => {
  const [batch] = batchesOf([{ ...message(0, 1), headers: [{ a: 'one' }, { b: Buffer.from('two') }, { a: 'three' }] }], []);
  expect(batch?.messages).toEqual([
    { key: Buffer.from('a'), value: Buffer.from('x'), offset: '1', headers: { a: 'three', b: Buffer.from('two') } },
  ]);
});

test('partitions are sorted by their topics', () => {
  expect(
    byTopic([
      { topic: 'a', partition: 1 },
      { topic: 'b', partition: 0 },
      { topic: 'a', partition: 0 },
    ]),
  ).toEqual({ a: [1, 0], b: [0] });
});
