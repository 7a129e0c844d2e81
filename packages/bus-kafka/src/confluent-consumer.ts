import { delay, InvalidArgumentError } from '@es/core';
import { byTopic, keyOf, type PartitionBatch } from './confluent-batches.ts';
import { consumerConfigOf } from './confluent-consumer-config.ts';
import type { ConfluentEvents } from './confluent-events.ts';
import { done } from './confluent-failure.ts';
import { ConfluentFetcher } from './confluent-fetcher.ts';
import type { ConfluentConsumerHandle, ConfluentFailure, ConfluentLibrary, ConfluentPlace } from './confluent-library.ts';
import { seekTo } from './confluent-seek.ts';
import type { KafkaOffsets, KafkaPlace } from './kafka-client.ts';
import type { ConsumerListener, DriverConsumer, DriverConsumerOptions } from './kafka-driver.ts';
import { PartitionLanes } from './partition-lanes.ts';

/** How long librdkafka looks for a broker that answers. */
const connectMs = 5_000;
/** How many records are on their way to handlers. */
const mostUnderway = 2_000;
/** How often librdkafka is asked for records while it has none. */
const idleMs = 10;
const partitionsGiven = -175;

/** A change of a consumer's partitions, as librdkafka asks for it. */
interface Rebalance {
  readonly isGiven: boolean;
  readonly partitions: readonly ConfluentPlace[];
}

/** What is to be done with partitions, as far as this consumer has them. */
interface Order {
  readonly places: readonly ConfluentPlace[];
  readonly carryOut: (places: ConfluentPlace[]) => unknown;
}

/**
 * A consumer of Confluent's library. librdkafka itself shows the broker that it lives, joins anew what it lost, and waits with a rebalance until it is
 * told that partitions are taken or let go: both is done here between two fetches, so that what was fetched before is never taken for what came after.
 */
export class ConfluentConsumer implements DriverConsumer {
  readonly #options: DriverConsumerOptions;
  readonly #listener: ConsumerListener;
  readonly #handle: ConfluentConsumerHandle;
  readonly #events: ConfluentEvents;
  readonly #fetcher: ConfluentFetcher;
  readonly #closing = new AbortController();
  readonly #starts = new Map<string, number>();
  /** Partitions that are to be read from elsewhere: what was fetched before is obsolete. */
  readonly #seeking = new Set<string>();
  readonly #lanes = new PartitionLanes(mostUnderway);
  #rebalances: Rebalance[] = [];
  #orders: Order[] = [];
  #assigned: readonly ConfluentPlace[] = [];
  #isPaused = false;
  #connected: Promise<unknown> = Promise.reject(new Error('not connected'));
  #running: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(
    library: ConfluentLibrary,
    config: object,
    options: DriverConsumerOptions,
    listener: ConsumerListener,
    events: ConfluentEvents,
  ) {
    this.#options = options;
    this.#listener = listener;
    this.#events = events;
    this.#handle = new library.KafkaConsumer({
      ...config,
      ...consumerConfigOf(options),
      rebalance_cb: (failure: ConfluentFailure, partitions: readonly ConfluentPlace[]) => this.#rebalance(failure, partitions),
    });
    if (this.#handle.commitCb === undefined) {
      throw new InvalidArgumentError(
        'confluentKafka needs `@confluentinc/kafka-javascript` 1.10 or later: this one can’t say that offsets are committed.',
      );
    }
    this.#connected.catch(() => undefined);
    this.#handle.on('event.error', this.#events.observe);
    this.#fetcher = new ConfluentFetcher(this.#handle);
  }

  async start(): Promise<void> {
    this.#connected = done((called) => this.#handle.connect({ timeout: connectMs }, called));
    await this.#events.unless(this.#connected);
    this.#handle.setDefaultConsumeTimeout(0);
    this.#handle.subscribe([...this.#options.topics]);
    this.#running = this.#run();
  }

  async commit({ topics }: KafkaOffsets): Promise<boolean> {
    const places = topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset, metadata = '' }) => ({ topic, partition, offset: Number(offset), metadata })),
    );
    await this.#commit(places);
    return true;
  }

  async startAt(places: readonly KafkaPlace[]): Promise<void> {
    for (const { topic, partition, offset } of places) this.#starts.set(keyOf({ topic, partition }), Number(offset));
    await this.#commit(places.map(({ topic, partition, offset }) => ({ topic, partition, offset: Number(offset) })));
  }

  seek({ topic, partition, offset }: KafkaPlace): void {
    const key = keyOf({ topic, partition });
    this.#seeking.add(key);
    const place = { topic, partition, offset: Number(offset) };
    this.#lanes.release(key);
    const carryOut = async (): Promise<void> => {
      await this.#lanes.whenEmpty(key);
      await seekTo(this.#handle, place, this.#closing.signal);
      this.#seeking.delete(key);
    };
    this.#orders.push({ places: [{ topic, partition }], carryOut });
  }

  pause(topic: string, partition: number): void {
    this.#lanes.hold(keyOf({ topic, partition }));
    this.#orders.push({ places: [{ topic, partition }], carryOut: (places) => this.#handle.pause(places) });
  }

  resume(topic: string, partition: number): void {
    this.#lanes.release(keyOf({ topic, partition }));
    this.#orders.push({ places: [{ topic, partition }], carryOut: (places) => this.#handle.resume(places) });
  }

  pauseAll(): void {
    this.#isPaused = true;
    this.#orders.push({ places: this.#assigned, carryOut: (places) => this.#handle.pause(places) });
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** Called by librdkafka, which then waits for `assign` or `unassign`. */
  #rebalance(failure: ConfluentFailure, partitions: readonly ConfluentPlace[]): void {
    if (this.#closing.signal.aborted) this.#handle.unassign();
    else this.#rebalances.push({ isGiven: failure.code === partitionsGiven, partitions });
  }

  async #run(): Promise<void> {
    try {
      while (!this.#closing.signal.aborted) {
        const rebalance = this.#rebalances[0];
        const order = this.#orders.shift();
        if (order !== undefined) await this.#carryOut(order);
        else if (rebalance !== undefined) await this.#change(rebalance);
        else if (!(await this.#fetch())) await delay(idleMs, this.#closing.signal).catch(() => undefined);
      }
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#listener.ended(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #change(rebalance: Rebalance): Promise<void> {
    const { isGiven, partitions } = rebalance;
    if (isGiven) await this.#take(partitions);
    else await this.#letGo();
    this.#rebalances = this.#rebalances.filter((other) => other !== rebalance);
  }

  async #take(partitions: readonly ConfluentPlace[]): Promise<void> {
    this.#orders = [];
    this.#seeking.clear();
    this.#starts.clear();
    await this.#listener.assigned(byTopic(partitions));
    this.#assigned = partitions;
    if (this.#isPaused) this.pauseAll();
    this.#handle.assign(
      partitions.map(({ topic, partition }) => {
        const offset = this.#starts.get(keyOf({ topic, partition }));
        return offset === undefined ? { topic, partition } : { topic, partition, offset };
      }),
    );
  }

  async #letGo(): Promise<void> {
    await this.#listener.revoked(this.#handle.assignmentLost?.() === true);
    // What is left is of no concern to anybody now.
    await this.#lanes.drain();
    this.#assigned = [];
    this.#orders = [];
    this.#handle.unassign();
  }

  /** Returns whether there was something. */
  async #fetch(): Promise<boolean> {
    const batches = await this.#fetcher.fetch();
    if (batches.length > 0) this.#events.answered();
    for (const batch of batches) {
      this.#lanes.add({ key: keyOf(batch), size: batch.messages.length, deliver: () => this.#tell(batch) });
    }
    await this.#lanes.whenRoom();
    return batches.length > 0;
  }

  async #tell(batch: PartitionBatch): Promise<void> {
    const { topic, partition, messages, next } = batch;
    const isStale = (): boolean => this.#seeking.has(keyOf(batch)) || this.#closing.signal.aborted;
    if (isStale()) return;
    if (messages.length === 0) this.#listener.passed(topic, partition, next);
    else await this.#listener.records({ topic, partition, messages, lastOffset: () => String(next - 1), isStale, taken: () => undefined });
  }

  /** The other ways to commit say how they ended to whoever fetches, and nobody does while partitions are let go. */
  async #commit(places: ConfluentPlace[]): Promise<void> {
    await done((called) => this.#handle.commitCb?.(places, called));
  }

  async #carryOut({ places, carryOut }: Order): Promise<void> {
    const held = new Set(this.#assigned.map(keyOf));
    const own = places.filter((place) => held.has(keyOf(place)));
    if (own.length > 0) await carryOut(own.map(({ topic, partition }) => ({ topic, partition })));
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    const isConnected = await this.#connected.then(
      () => true,
      () => false,
    );
    if (!isConnected) return;
    // Nobody waits with these any more, and librdkafka does not end before it has its answer.
    if (this.#rebalances.length > 0) this.#handle.unassign();
    this.#events.end();
    await done((called) => this.#handle.disconnect(called));
  }
}
