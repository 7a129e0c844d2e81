import { expect, test } from 'vitest';
import type { KafkaRecord } from './kafka-client.ts';
import { PartitionBook } from './partition-book.ts';

const record = (key: string): KafkaRecord => ({ key, value: 'v' });
const partitions = (count: number) =>
  Array.from({ length: count }, (_, partitionId) => ({ partitionId, leader: 1, partitionErrorCode: 0, replicas: [1], isr: [1] }));

/** Has kafkajs' part choose partitions of a topic. */
function choose(book: PartitionBook, topic: string, records: readonly KafkaRecord[], count: number): number[] {
  const partitioner = book.createPartitioner();
  return records.map((message) => partitioner({ topic, partitionMetadata: partitions(count), message }));
}

test('partitions are those of the Java client', () => {
  // The well-known hashes of its own tests, made positive, modulo the number of partitions.
  const hashes = { '21': -973932308, foobar: -790332482, 'a-little-bit-long-string': -985981536 };
  const expected = Object.values(hashes).map((hash) => (hash & 0x7fffffff) % 6);
  expect(choose(new PartitionBook(), 'events', Object.keys(hashes).map(record), 6)).toEqual(expected);
});

test('a record keeps its partition, also when the topic gets more of them', () => {
  const book = new PartitionBook();
  const records = Array.from({ length: 20 }, (_, index) => record(`key-${index}`));
  const before = choose(book, 'events', records, 3);
  expect(choose(book, 'events', records, 7)).toEqual(before);
  expect(choose(new PartitionBook(), 'events', records, 7)).not.toEqual(before);
});

test('the records of partitions that got nothing are missing, by topic', () => {
  const book = new PartitionBook();
  const records = Array.from({ length: 20 }, (_, index) => record(`key-${index}`));
  const chosen = choose(book, 'events', records, 3);
  const sent = [{ topic: 'events', messages: records }];
  const metadata = [0, 1, 2].map((partition) => ({ topicName: 'events', partition }));
  expect(book.missing(sent, metadata)).toEqual([]);
  const inSecond = records.filter((_, index) => chosen[index] === 1);
  expect(inSecond.length).toBeGreaterThan(0);
  expect(book.missing(sent, [...metadata.filter(({ partition }) => partition !== 1), { topicName: 'other', partition: 1 }])).toEqual([
    { topic: 'events', messages: inSecond },
  ]);
});

test('what a client has placed without asking is taken as sent', () => {
  expect(new PartitionBook().missing([{ topic: 'events', messages: [record('a')] }], [])).toEqual([]);
});
