import { type ICustomPartitioner, Partitioners } from 'kafkajs';
import type { KafkaRecord, KafkaRecordMetadata, KafkaTopicRecords } from './kafka-client.ts';

/**
 * Remembers which partition each record belongs to.
 *
 * kafkajs says that it has sent records although it has not: when a request to one broker failed and its partitions moved to another one that had
 * already answered, and when its metadata lack a partition. What it does say truly is which partitions got something.
 */
export class PartitionBook {
  readonly #partitions = new WeakMap<object, number>();

  /** As kafkajs and the Java client choose; a record that is sent again goes where it was sent before, under the same number. */
  readonly createPartitioner: ICustomPartitioner = () => {
    const choose = Partitioners.DefaultPartitioner();
    return (choice) => {
      const partition = this.#partitions.get(choice.message) ?? choose(choice);
      this.#partitions.set(choice.message, partition);
      return partition;
    };
  };

  /** Those of the records whose partitions got nothing. */
  missing(topics: readonly KafkaTopicRecords[], metadata: readonly KafkaRecordMetadata[]): KafkaTopicRecords[] {
    const written = new Set(metadata.map(({ topicName, partition }) => `${partition} ${topicName}`));
    const isMissing = (topic: string, record: KafkaRecord): boolean => {
      const partition = this.#partitions.get(record);
      return partition !== undefined && !written.has(`${partition} ${topic}`);
    };
    return topics
      .map(({ topic, messages }) => ({ topic, messages: messages.filter((record) => isMissing(topic, record)) }))
      .filter(({ messages }) => messages.length > 0);
  }
}
