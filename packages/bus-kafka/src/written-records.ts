import type { KafkaRecordMetadata } from './kafka-client.ts';

/** Where a record is. */
export interface WrittenRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Says where records are: one place for all that lie behind one another in the order in which they were sent. */
export function runsOf(written: readonly WrittenRecord[]): KafkaRecordMetadata[] {
  const runs: KafkaRecordMetadata[] = [];
  const next = new Map<string, number>();
  for (const { topic, partition, offset } of written) {
    const key = `${partition} ${topic}`;
    if (next.get(key) !== offset) runs.push({ topicName: topic, partition, baseOffset: String(offset) });
    next.set(key, offset + 1);
  }
  return runs;
}
