import { randomUUID } from 'node:crypto';
import { ROOT_CONTEXT, withContext } from '@es/otel';
import { ConsumerGate } from './consumer-gate.ts';
import { ifRunning } from './if-running.ts';
import type { KafkaBatchPayload, KafkaClient, KafkaConsumer, KafkaConsumerEvent, KafkaMessage } from './kafka-client.ts';
import { unwrapped } from './unwrapped.ts';

/** A part of the topic that is being read. */
interface Scan {
  next: number;
  readonly to: number;
  readonly visit: (message: KafkaMessage) => void;
  readonly outcome: PromiseWithResolvers<void>;
}

/** How long the broker may hold back an answer, and so how long it takes until a paused reader notices that it is to read. */
const longestFetchMs = 50;

/**
 * Reads parts of a topic of one partition, as often as wanted. kafkajs reads nothing without a group, so it makes one of its own, in which
 * nothing is ever committed.
 */
export class LogReader {
  readonly groupId: string;
  /** Resolves with the reason when the reader has come to its end by itself. */
  readonly ended: Promise<Error>;
  readonly #topic: string;
  readonly #gate = new ConsumerGate();
  readonly #consumer: KafkaConsumer;
  readonly #end = Promise.withResolvers<Error>();
  #scan: Scan | undefined;

  constructor(client: KafkaClient, topic: string) {
    this.#topic = topic;
    this.groupId = `${topic}.reader.${randomUUID()}`;
    this.ended = this.#end.promise;
    this.#consumer = client.consumer({
      groupId: this.groupId,
      allowAutoTopicCreation: false,
      heartbeatInterval: 3_000,
      maxWaitTimeInMs: longestFetchMs,
      partitionAssigners: [this.#gate.assigner],
      rebalanceTimeout: 60_000,
      retry: { retries: 2, initialRetryTime: 50, restartOnFailure: async () => false },
      sessionTimeout: 30_000,
    });
  }

  start(): Promise<void> {
    return withContext(ROOT_CONTEXT, () => this.#start());
  }

  /** Visits every message from one offset up to, and without, another. One scan at a time. */
  async scan(from: number, to: number, visit: (message: KafkaMessage) => void): Promise<void> {
    if (from >= to) return;
    const scan: Scan = { next: from, to, visit, outcome: Promise.withResolvers() };
    this.#scan = scan;
    this.#seek(scan);
    ifRunning(() => this.#consumer.resume([{ topic: this.#topic }]));
    await Promise.race([scan.outcome.promise, this.ended.then((error) => Promise.reject(error))]);
  }

  async close(): Promise<void> {
    this.#end.resolve(new Error('the reader was closed'));
    this.#gate.close();
    await this.#consumer.disconnect();
  }

  async #start(): Promise<void> {
    const { CRASH, END_BATCH_PROCESS, GROUP_JOIN } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, () => this.#joined());
    this.#consumer.on(END_BATCH_PROCESS, (event) => this.#passed(event));
    this.#consumer.on(CRASH, ({ payload }) => this.#end.resolve((payload as { readonly error: Error }).error));
    const joined = Promise.withResolvers<void>();
    this.#consumer.on(GROUP_JOIN, () => joined.resolve());
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [this.#topic], fromBeginning: true });
    await unwrapped(this.#consumer.run).call(this.#consumer, {
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      eachBatch: (payload) => this.#eachBatch(payload),
    });
    await Promise.race([joined.promise, this.ended.then((error) => Promise.reject(error))]);
  }

  #joined(): void {
    if (this.#scan === undefined) this.#consumer.pause([{ topic: this.#topic }]);
    else this.#seek(this.#scan);
  }

  #seek({ next }: Scan): void {
    ifRunning(() => this.#consumer.seek({ topic: this.#topic, partition: 0, offset: String(next) }));
  }

  async #eachBatch({ batch, isStale, resolveOffset }: KafkaBatchPayload): Promise<void> {
    const scan = this.#scan;
    if (scan === undefined || isStale()) return;
    for (const message of batch.messages) {
      const offset = Number(message.offset);
      if (offset >= scan.next && offset < scan.to) scan.visit(message);
    }
    const last = batch.messages.at(-1);
    if (last !== undefined) resolveOffset(last.offset);
    this.#reached(Number(batch.lastOffset()) + 1);
  }

  /** Control records are not delivered. */
  #passed({ payload }: KafkaConsumerEvent): void {
    const { batchSize, lastOffset } = payload as { readonly batchSize: number; readonly lastOffset: string | null };
    if (batchSize === 0 && lastOffset !== null) this.#reached(Number(lastOffset) + 1);
  }

  #reached(next: number): void {
    const scan = this.#scan;
    if (scan === undefined) return;
    scan.next = Math.max(scan.next, next);
    if (scan.next < scan.to) return;
    this.#scan = undefined;
    ifRunning(() => this.#consumer.pause([{ topic: this.#topic }]));
    scan.outcome.resolve();
  }
}
