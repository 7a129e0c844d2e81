import type { ReceiveMessage } from '@es/core';
import type { KafkaBatch, KafkaMessage } from './kafka-client.ts';
import { type CommitPlace, longestSpan, OffsetTracker } from './offset-tracker.ts';
import { fromRecord } from './records.ts';

/** What a partition works with. */
export interface AssignedPartitionParts {
  readonly topic: string;
  readonly partition: number;
  /** Where the group stands in it. */
  readonly committed: CommitPlace;
  /** How many messages of it may be in hand. */
  readonly window: number;
  readonly receive: ReceiveMessage;
  /** Aborted when the partition is taken away. */
  readonly signal: AbortSignal;
  /** Told whenever a message is done with, successfully or not. */
  readonly settled: (hasSucceeded: boolean) => void;
}

/** A partition that this consumer has: hands messages over as there is room, and knows which are finished. */
export class AssignedPartition {
  readonly topic: string;
  readonly partition: number;
  readonly #parts: AssignedPartitionParts;
  readonly #tracker: OffsetTracker;
  #waiting: readonly KafkaMessage[] = [];
  #cursor = 0;
  /** The offset behind the last of those that wait. */
  #end = 0;
  #inHand = 0;
  #whenTaken: () => void = () => undefined;

  constructor(parts: AssignedPartitionParts) {
    this.topic = parts.topic;
    this.partition = parts.partition;
    this.#parts = parts;
    this.#tracker = new OffsetTracker(parts.committed);
  }

  /** Messages that were handed over and are not settled. */
  get inHand(): number {
    return this.#inHand;
  }

  /** Whether messages wait for room. */
  get isFull(): boolean {
    return this.#cursor < this.#waiting.length;
  }

  /** Hands a batch over, as far as there is room; the rest as soon as there is some. Not to be called while messages wait. */
  take(batch: KafkaBatch): void {
    this.#waiting = batch.messages;
    this.#cursor = 0;
    this.#end = Number(batch.lastOffset()) + 1;
    this.#handOver();
  }

  /** Resolves when no message waits for room any more. */
  whenTaken(): Promise<void> {
    if (!this.isFull) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenTaken = resolve;
    });
  }

  /** Forgets those that wait. */
  drop(): void {
    this.#waiting = [];
    this.#cursor = 0;
    this.#whenTaken();
  }

  /** Up to this offset there is nothing for consumers. */
  skipTo(next: number): void {
    if (!this.isFull) this.#tracker.advance(next);
  }

  uncommitted(): CommitPlace | undefined {
    return this.#tracker.uncommitted();
  }

  committed(place: CommitPlace): void {
    this.#tracker.committed(place);
  }

  #handOver(): void {
    const { window } = this.#parts;
    while (this.isFull && this.#inHand < window && this.#tracker.span < longestSpan) {
      const message = this.#waiting[this.#cursor];
      this.#cursor += 1;
      if (message !== undefined) this.#hand(message);
    }
    if (this.isFull) return;
    this.#tracker.advance(this.#end);
    this.#whenTaken();
  }

  #hand(message: KafkaMessage): void {
    const offset = Number(message.offset);
    if (this.#tracker.isFinished(offset)) {
      this.#tracker.advance(offset + 1);
      return;
    }
    const { receive, signal } = this.#parts;
    this.#tracker.begin(offset);
    this.#inHand += 1;
    receive(fromRecord(this.topic, this.partition, message), signal).then(
      () => {
        this.#tracker.finish(offset);
        this.#settled(true);
      },
      () => this.#settled(false),
    );
  }

  #settled(hasSucceeded: boolean): void {
    this.#inHand -= 1;
    this.#parts.settled(hasSucceeded);
    if (this.isFull) this.#handOver();
  }
}
