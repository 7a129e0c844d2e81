import type { PartitionsByTopic } from './assignment.ts';
import type { ConfluentMessage, ConfluentPlace } from './confluent-library.ts';
import type { KafkaMessage } from './kafka-client.ts';

/** The end of a partition, as far as there is something for consumers, that was reached while records were taken from librdkafka. */
export interface PartitionEnd {
  readonly topic: string;
  readonly partition: number;
  /** The offset that the next record may get. */
  readonly offset: number;
  /** How many of the records were taken before. */
  readonly behind: number;
}

/** What came of one partition: records, or that there are none, up to an offset. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly KafkaMessage[];
  /** Everything below this offset has been told of. */
  readonly next: number;
}

interface Growing {
  readonly topic: string;
  readonly partition: number;
  readonly messages: KafkaMessage[];
  next: number;
  behind: number;
}

/** Distributes over partitions what librdkafka gave of all of them. An end counts where no record of its partition came after it. */
export function batchesOf(taken: readonly ConfluentMessage[], ends: readonly PartitionEnd[]): PartitionBatch[] {
  const batches = new Map<string, Growing>();
  for (const [index, message] of taken.entries()) {
    const { topic, partition, offset } = message;
    const batch = batches.get(keyOf(message)) ?? { topic, partition, messages: [], next: 0, behind: 0 };
    batch.messages.push(recordOf(message));
    batch.next = offset + 1;
    batch.behind = index + 1;
    batches.set(keyOf(message), batch);
  }
  for (const end of ends) {
    const { topic, partition, offset, behind } = end;
    const batch = batches.get(keyOf(end)) ?? { topic, partition, messages: [], next: offset, behind };
    if (behind >= batch.behind) batch.next = Math.max(batch.next, offset);
    batches.set(keyOf(end), batch);
  }
  return [...batches.values()].map(({ topic, partition, messages, next }) => ({ topic, partition, messages, next }));
}

/** Names a partition. */
export function keyOf({ topic, partition }: Pick<ConfluentPlace, 'topic' | 'partition'>): string {
  return `${partition} ${topic}`;
}

/** Partitions by their topics. */
export function byTopic(places: readonly ConfluentPlace[]): PartitionsByTopic {
  const partitions: Record<string, number[]> = {};
  for (const { topic, partition } of places) {
    partitions[topic] ??= [];
    partitions[topic].push(partition);
  }
  return partitions;
}

function recordOf({ key = null, value, offset, headers = [] }: ConfluentMessage): KafkaMessage {
  // Of a header that is there several times the last one counts.
  const fields: Record<string, Buffer | string> = {};
  for (const header of headers) Object.assign(fields, header);
  return { key: typeof key === 'string' ? Buffer.from(key) : key, value, offset: String(offset), headers: fields };
}
