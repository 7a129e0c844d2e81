import { randomUUID } from 'node:crypto';
import { ROOT_CONTEXT, withContext } from '@es/otel';
import type { KafkaMessage } from './kafka-client.ts';
import type { ArrivedBatch, ConsumerListener, DriverConsumer, KafkaDriver } from './kafka-driver.ts';

/** A part of the topic that is being read. */
interface Scan {
  next: number;
  readonly to: number;
  readonly visit: (message: KafkaMessage) => void;
  readonly outcome: PromiseWithResolvers<void>;
}

/** So long it takes until a paused reader notices that it is to read. */
const longestFetchMs = 50;
const only = 0;

/**
 * Reads parts of a topic of one partition, as often as wanted. Clients read nothing without a group, so it makes one of its own, in which nothing is
 * ever committed.
 */
export class LogReader implements ConsumerListener {
  readonly groupId: string;
  readonly #topic: string;
  readonly #consumer: DriverConsumer;
  readonly #joined = Promise.withResolvers<void>();
  readonly #end = Promise.withResolvers<Error>();
  #scan: Scan | undefined;
  #isOver = false;

  constructor(driver: KafkaDriver, topic: string) {
    this.#topic = topic;
    this.groupId = `${topic}.reader.${randomUUID()}`;
    this.#consumer = driver.createConsumer(
      {
        groupId: this.groupId,
        topics: [topic],
        fromBeginning: true,
        sessionTimeoutMs: 30_000,
        rebalanceTimeoutMs: 60_000,
        longestFetchMs,
        joinRetries: 2,
      },
      this,
    );
  }

  /** Whether it has come to its end by itself. */
  get isOver(): boolean {
    return this.#isOver;
  }

  start(): Promise<void> {
    return withContext(ROOT_CONTEXT, async () => {
      await this.#consumer.start();
      await this.#unlessItEnds(this.#joined.promise);
    });
  }

  /** Visits every message from one offset up to, and without, another. One scan at a time. */
  async scan(from: number, to: number, visit: (message: KafkaMessage) => void): Promise<void> {
    if (from >= to) return;
    const scan: Scan = { next: from, to, visit, outcome: Promise.withResolvers() };
    this.#scan = scan;
    this.#seek(scan);
    this.#consumer.resume(this.#topic, only);
    await this.#unlessItEnds(scan.outcome.promise);
  }

  async close(): Promise<void> {
    this.#end.resolve(new Error('the reader was closed'));
    await this.#consumer.close();
  }

  async assigned(): Promise<void> {
    if (this.#scan === undefined) this.#consumer.pause(this.#topic, only);
    else this.#seek(this.#scan);
    this.#joined.resolve();
  }

  async revoked(): Promise<void> {
    // It has nothing in hand, and reads on where it was once it has the partition again.
  }

  async records(batch: ArrivedBatch): Promise<void> {
    const scan = this.#scan;
    if (scan === undefined || batch.isStale()) return;
    for (const message of batch.messages) {
      const offset = Number(message.offset);
      if (offset >= scan.next && offset < scan.to) scan.visit(message);
    }
    batch.taken();
    this.#reached(Number(batch.lastOffset()) + 1);
  }

  passed(_topic: string, _partition: number, next: number): void {
    this.#reached(next);
  }

  ended(reason: Error): void {
    this.#isOver = true;
    this.#end.resolve(reason);
  }

  #seek({ next }: Scan): void {
    this.#consumer.seek({ topic: this.#topic, partition: only, offset: String(next) });
  }

  #reached(next: number): void {
    const scan = this.#scan;
    if (scan === undefined) return;
    scan.next = Math.max(scan.next, next);
    if (scan.next < scan.to) return;
    this.#scan = undefined;
    this.#consumer.pause(this.#topic, only);
    scan.outcome.resolve();
  }

  #unlessItEnds(done: Promise<void>): Promise<void> {
    return Promise.race([done, this.#end.promise.then((error) => Promise.reject(error))]);
  }
}
