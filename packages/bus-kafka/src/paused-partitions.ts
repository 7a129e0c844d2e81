import type { DriverConsumer } from './kafka-driver.ts';

/** The partitions of which nothing is fetched for the time being. A pause may be remembered even when someone else has had the partition meanwhile. */
export class PausedPartitions {
  readonly #consumer: DriverConsumer;
  readonly #paused = new Map<string, { readonly topic: string; readonly partition: number }>();

  constructor(consumer: DriverConsumer) {
    this.#consumer = consumer;
  }

  /** Fetches nothing of a partition until something has happened. */
  pauseUntil(happened: Promise<void>, topic: string, partition: number): void {
    const key = `${partition} ${topic}`;
    const paused = { topic, partition };
    this.#paused.set(key, paused);
    this.#consumer.pause(topic, partition);
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
    if (paused !== undefined) this.#consumer.resume(paused.topic, paused.partition);
  }
}
