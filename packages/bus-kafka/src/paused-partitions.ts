import { ifRunning } from './if-running.ts';
import type { KafkaConsumer } from './kafka-client.ts';

/** The partitions of which nothing is fetched for the time being. kafkajs remembers a pause even when someone else has had the partition meanwhile. */
export class PausedPartitions {
  readonly #consumer: KafkaConsumer;
  readonly #paused = new Map<string, { readonly topic: string; readonly partitions: number[] }>();

  constructor(consumer: KafkaConsumer) {
    this.#consumer = consumer;
  }

  /** Fetches nothing of a partition until something has happened. */
  pauseUntil(happened: Promise<void>, topic: string, partition: number): void {
    const key = `${partition} ${topic}`;
    const paused = { topic, partitions: [partition] };
    this.#paused.set(key, paused);
    ifRunning(() => this.#consumer.pause([paused]));
    void happened.then(() => {
      if (this.#paused.get(key) === paused) this.#resume(key);
    });
  }

  /** Forgets about all of them, since they are given up. */
  resumeAll(): void {
    for (const key of [...this.#paused.keys()]) this.#resume(key);
  }

  /** Leaves them as they are for good. */
  forget(): void {
    this.#paused.clear();
  }

  #resume(key: string): void {
    const paused = this.#paused.get(key);
    this.#paused.delete(key);
    if (paused !== undefined) ifRunning(() => this.#consumer.resume([paused]));
  }
}
