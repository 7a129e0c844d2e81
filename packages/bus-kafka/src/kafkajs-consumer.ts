import type { PartitionsByTopic } from './assignment.ts';
import { ConsumerGate } from './consumer-gate.ts';
import { ifRunning } from './if-running.ts';
import type { KafkaBatchPayload, KafkaClient, KafkaConsumer, KafkaConsumerEvent, KafkaOffsets, KafkaPlace } from './kafka-client.ts';
import type { ConsumerListener, DriverConsumer, DriverConsumerOptions } from './kafka-driver.ts';
import { SignsOfLife } from './signs-of-life.ts';
import { unwrapped } from './unwrapped.ts';

const shortestRetryMs = 50;
const longestRetryMs = 1_000;
/** A consumer may miss some signs of life before it is given up. */
const signsPerSession = 10;
/** How many partitions' messages are taken at the same time. */
const partitionsAtOnce = 64;

/**
 * A consumer of kafkajs. That gives up its partitions by joining its group again, as soon as it learns of a rebalance: it is held back until whoever
 * reads with it has let go. It ends when it fails.
 */
export class KafkaJsConsumer implements DriverConsumer {
  readonly #options: DriverConsumerOptions;
  readonly #listener: ConsumerListener;
  readonly #gate = new ConsumerGate(() => this.#mayJoin());
  readonly #consumer: KafkaConsumer;
  readonly #signs: SignsOfLife;
  readonly #heartbeatMs: number;
  /** Partitions are held, given up at the moment, or neither. */
  #hold: 'held' | 'letting-go' | undefined;
  #payload: KafkaBatchPayload | undefined;
  #isClosing = false;
  #isOver = false;

  constructor(client: KafkaClient, options: DriverConsumerOptions, listener: ConsumerListener) {
    const { groupId, joinRetries, longestFetchMs, rebalanceTimeoutMs, sessionTimeoutMs } = options;
    this.#options = options;
    this.#listener = listener;
    this.#heartbeatMs = Math.ceil(sessionTimeoutMs / signsPerSession);
    this.#consumer = client.consumer({
      groupId,
      allowAutoTopicCreation: false,
      heartbeatInterval: this.#heartbeatMs,
      maxWaitTimeInMs: longestFetchMs,
      partitionAssigners: [this.#gate.assigner],
      rebalanceTimeout: rebalanceTimeoutMs,
      retry: {
        initialRetryTime: shortestRetryMs,
        maxRetryTime: longestRetryMs,
        retries: joinRetries,
        restartOnFailure: async () => false,
      },
      sessionTimeout: sessionTimeoutMs,
    });
    this.#signs = new SignsOfLife(
      sessionTimeoutMs,
      () => this.#hold === 'held',
      () => this.#over(new Error(`no sign of life of the consumer was answered for ${sessionTimeoutMs} ms`)),
    );
  }

  async start(): Promise<void> {
    const { fromBeginning, topics } = this.#options;
    const { CRASH, END_BATCH_PROCESS, GROUP_JOIN, HEARTBEAT } = this.#consumer.events;
    this.#consumer.on(GROUP_JOIN, (event) => this.#joined(event));
    this.#consumer.on(HEARTBEAT, () => this.#signs.seen());
    this.#consumer.on(END_BATCH_PROCESS, (event) => this.#skipped(event));
    this.#consumer.on(CRASH, ({ payload }) => this.#over((payload as { readonly error: Error }).error));
    await this.#consumer.connect();
    await this.#consumer.subscribe({ topics: [...topics], fromBeginning });
    // Instrumentation of kafkajs would make a consumer span for each batch.
    await unwrapped(this.#consumer.run).call(this.#consumer, {
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: (payload) => this.#eachBatch(payload),
    });
  }

  async commit(offsets: KafkaOffsets): Promise<boolean> {
    if (this.#payload === undefined) return false;
    // Unlike the consumer's own commitOffsets this does not try again under a later generation of the group, when they may be someone else's.
    await this.#payload.commitOffsetsIfNecessary(offsets);
    return true;
  }

  async startAt(places: readonly KafkaPlace[]): Promise<void> {
    for (const place of places) this.#consumer.seek(place);
    await this.#consumer.commitOffsets([...places]);
  }

  seek(place: KafkaPlace): void {
    ifRunning(() => this.#consumer.seek(place));
  }

  pause(topic: string, partition: number): void {
    ifRunning(() => this.#consumer.pause([{ topic, partitions: [partition] }]));
  }

  resume(topic: string, partition: number): void {
    ifRunning(() => this.#consumer.resume([{ topic, partitions: [partition] }]));
  }

  pauseAll(): void {
    ifRunning(() => this.#consumer.pause(this.#options.topics.map((topic) => ({ topic }))));
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#signs.stop();
    this.#gate.close();
    await this.#consumer.disconnect();
  }

  #joined({ payload }: KafkaConsumerEvent): void {
    const { memberAssignment } = payload as { readonly memberAssignment: PartitionsByTopic };
    this.#hold = 'held';
    this.#signs.watch(this.#heartbeatMs);
    // Whoever needs what it does asks again, if it fails.
    this.#listener.assigned(memberAssignment).catch(() => undefined);
  }

  async #eachBatch(payload: KafkaBatchPayload): Promise<void> {
    this.#payload = payload;
    const { batch } = payload;
    const last = batch.messages.at(-1);
    if (last === undefined) return;
    await this.#listener.records({
      topic: batch.topic,
      partition: batch.partition,
      messages: batch.messages,
      lastOffset: () => batch.lastOffset(),
      isStale: () => payload.isStale() || !payload.isRunning(),
      taken: () => payload.resolveOffset(last.offset),
    });
  }

  /** Called before every attempt to join. */
  #mayJoin(): boolean {
    if (this.#hold === undefined || this.#isClosing) return true;
    if (this.#hold === 'held') {
      this.#hold = 'letting-go';
      void this.#letGo();
    }
    return this.#hold === undefined;
  }

  async #letGo(): Promise<void> {
    const heartbeat = setInterval(() => void this.#payload?.heartbeat().catch(() => undefined), this.#heartbeatMs);
    await this.#listener.revoked(false);
    clearInterval(heartbeat);
    this.#hold = undefined;
  }

  /** Control records are not delivered, but count as read. */
  #skipped({ payload }: KafkaConsumerEvent): void {
    const { topic, partition, batchSize, lastOffset } = payload as BatchEvent;
    if (batchSize > 0 || lastOffset === null) return;
    this.#listener.passed(topic, partition, Number(lastOffset) + 1);
  }

  #over(error: Error): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#gate.close();
    this.#signs.stop();
    this.#listener.ended(error);
  }
}

interface BatchEvent {
  readonly topic: string;
  readonly partition: number;
  readonly batchSize: number;
  readonly lastOffset: string | null;
}
