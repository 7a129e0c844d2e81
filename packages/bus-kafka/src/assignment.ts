import type { ReceiveMessage } from '@es/core';
import { AssignedPartition } from './assigned-partition.ts';
import type { KafkaOffsets } from './kafka-client.ts';
import type { CommitPlace } from './offset-tracker.ts';

/** Partitions by topic. */
export type PartitionsByTopic = Readonly<Record<string, readonly number[]>>;

/** Where a group stands in a partition. */
export interface StartingPlace extends CommitPlace {
  readonly topic: string;
  readonly partition: number;
}

/** What an assignment works with. */
export interface AssignmentParts {
  readonly partitions: PartitionsByTopic;
  /** How many messages may be in hand, of all partitions together. */
  readonly maxInFlight: number;
  readonly receive: ReceiveMessage;
  /** Asks where the group stands. */
  readonly locate: (partitions: PartitionsByTopic) => Promise<readonly StartingPlace[]>;
  /** Told when messages are finished that are not committed. */
  readonly finished: () => void;
}

/** The partitions that a consumer has until the group is rebalanced. */
export class Assignment {
  readonly partitions: PartitionsByTopic;
  readonly #parts: AssignmentParts;
  readonly #revoked = new AbortController();
  readonly #assigned = new Map<string, AssignedPartition>();
  #ready: Promise<void> | undefined;
  #whenIdle: () => void = () => undefined;

  constructor(parts: AssignmentParts) {
    this.#parts = parts;
    this.partitions = parts.partitions;
  }

  get isRevoked(): boolean {
    return this.#revoked.signal.aborted;
  }

  get isIdle(): boolean {
    return this.#all.every(({ inHand }) => inHand === 0);
  }

  /** Resolves when it is known where the group stands; after a failure it is asked again. */
  whenReady(): Promise<void> {
    this.#ready ??= this.#locate().catch((error: unknown) => {
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  find(topic: string, partition: number): AssignedPartition | undefined {
    return this.#assigned.get(keyOf(topic, partition));
  }

  /** Forgets what was not handed over. */
  drop(): void {
    for (const partition of this.#all) partition.drop();
  }

  /** No handler is begun any more. */
  revoke(): void {
    this.#revoked.abort();
    this.drop();
  }

  /** Resolves when nothing is in hand. */
  whenIdle(): Promise<void> {
    if (this.isIdle) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenIdle = resolve;
    });
  }

  /** What is to be committed, and what to call when it is. */
  uncommitted(): { readonly offsets: KafkaOffsets; committed(): void } | undefined {
    const places = this.#all.flatMap((partition) => {
      const place = partition.uncommitted();
      return place === undefined ? [] : [{ partition, place }];
    });
    if (places.length === 0) return undefined;
    const topics = Object.entries(Object.groupBy(places, ({ partition }) => partition.topic)).map(([topic, ofTopic = []]) => ({
      topic,
      partitions: ofTopic.map(({ partition: { partition }, place: { offset, metadata } }) => ({
        partition,
        offset: String(offset),
        metadata,
      })),
    }));
    const committed = (): void => {
      for (const { partition, place } of places) partition.committed(place);
    };
    return { offsets: { topics }, committed };
  }

  get #all(): AssignedPartition[] {
    return [...this.#assigned.values()];
  }

  async #locate(): Promise<void> {
    const { locate, maxInFlight, partitions, receive } = this.#parts;
    const places = await locate(partitions);
    // Each partition has its share of the room: one that is stuck takes none from the others.
    const window = Math.max(1, Math.floor(maxInFlight / places.length));
    for (const { topic, partition, ...committed } of places) {
      const parts = { topic, partition, committed, window, receive, signal: this.#revoked.signal, settled: this.#settled };
      this.#assigned.set(keyOf(topic, partition), new AssignedPartition(parts));
    }
  }

  readonly #settled = (hasSucceeded: boolean): void => {
    if (hasSucceeded) this.#parts.finished();
    if (this.isRevoked && this.isIdle) this.#whenIdle();
  };
}

function keyOf(topic: string, partition: number): string {
  return `${partition} ${topic}`;
}
