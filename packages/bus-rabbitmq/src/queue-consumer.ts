import type { ReceiveMessage } from '@es/core';
import { Acknowledgements } from './acknowledgements.ts';
import type { AmqpChannel, AmqpConnection, AmqpMessage } from './amqp-driver.ts';
import type { ConsumerLoss } from './consumer-loss.ts';
import type { EarlierDeliveries } from './earlier-deliveries.ts';
import { GatheredWrites } from './gathered-writes.ts';
import { incomingMessage, type MessageSource } from './incoming-message.ts';
import { plainConsume } from './plain-consume.ts';

/** What a consumer of one queue works with. */
export interface QueueConsumerParts {
  readonly source: MessageSource;
  readonly prefetch: number;
  readonly receive: ReceiveMessage;
  /** Outlives the consumer. */
  readonly earlier: EarlierDeliveries;
  /** Told at the first delivery: until then another consumer may have the queue. */
  readonly onActive: (consumer: QueueConsumer) => void;
  /** Told when the channel is gone, unless it was about to be given up. */
  readonly onLost: (loss: ConsumerLoss) => void;
}

/**
 * A consumer of one queue, on a channel of its own. It ends by closing the channel, never by cancelling: then the broker puts what it has not
 * handled back in its place before anyone else gets the queue.
 */
export class QueueConsumer {
  readonly source: MessageSource;
  readonly #parts: QueueConsumerParts;
  readonly #channel: AmqpChannel;
  readonly #acknowledgements: Acknowledgements;
  readonly #gone = new AbortController();
  readonly #empty = Promise.withResolvers<void>();
  #failure: Error | undefined;
  #closed: Promise<void> | undefined;
  #isActive = false;
  #isHolding = false;
  /** Handed over and not finished, and whether each is done in the end; the oldest first. */
  readonly #inHand = new Map<AmqpMessage, Promise<boolean>>();
  #held = 0;

  private constructor(channel: AmqpChannel, writes: GatheredWrites, parts: QueueConsumerParts) {
    this.source = parts.source;
    this.#parts = parts;
    this.#channel = channel;
    this.#acknowledgements = new Acknowledgements(channel, writes);
    channel.on('error', (error) => {
      this.#failure = error;
    });
    channel.on('close', () => this.#ended());
  }

  /** Begins to consume. */
  static async open(connection: AmqpConnection, parts: QueueConsumerParts): Promise<QueueConsumer> {
    const channel = await connection.createChannel();
    const consumer = new QueueConsumer(channel, new GatheredWrites(connection), parts);
    await channel.prefetch(parts.prefetch);
    await plainConsume(channel)(parts.source.queue, (message) => consumer.#delivered(message));
    return consumer;
  }

  /** Whether it is this consumer that the broker gives the queue's messages to, as far as is known. */
  get isActive(): boolean {
    return this.#isActive && this.#closed === undefined;
  }

  /** Whether it takes no more messages. */
  get isReleasing(): boolean {
    return this.#isHolding;
  }

  /** Messages that the broker waits for an answer about. */
  get unacknowledged(): number {
    return this.#inHand.size + this.#held;
  }

  /** Hands nothing more over, waits for what was, and gives the queue back to the broker. */
  async release(): Promise<void> {
    this.#isHolding = true;
    if (this.#inHand.size === 0) this.#empty.resolve();
    await this.#empty.promise;
    await this.close();
  }

  /** Gives the queue back to the broker, with all that is not done. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#isHolding = true;
    this.#acknowledgements.flush();
    this.#empty.resolve();
    // A channel that is gone already has nothing to close.
    await this.#channel.close().catch(() => undefined);
  }

  #delivered(message: AmqpMessage | null): void {
    // The broker took the consumer off the queue: it was deleted, or moves to another node.
    if (message === null) {
      this.#abandon();
      return;
    }
    if (!this.#isActive) {
      this.#isActive = true;
      this.#parts.onActive(this);
    }
    if (this.#isHolding) {
      this.#held += 1;
      return;
    }
    const { earlier, receive } = this.#parts;
    const isDone = receive(incomingMessage(message, this.source, earlier.take(message)), this.#gone.signal).then(
      () => this.#finished(message, true),
      // Not done: it comes again when the channel is closed.
      () => this.#finished(message, false),
    );
    this.#inHand.set(message, isDone);
  }

  #finished(message: AmqpMessage, isDone: boolean): boolean {
    if (isDone) this.#acknowledgements.done(message);
    this.#inHand.delete(message);
    if (this.#isHolding && this.#inHand.size === 0) this.#empty.resolve();
    return isDone;
  }

  #abandon(): void {
    this.#channel.close().catch(() => undefined);
  }

  #ended(): void {
    for (const [message, isDone] of this.#inHand) this.#parts.earlier.add(message, isDone);
    this.#gone.abort();
    this.#empty.resolve();
    const [oldest] = this.#inHand.keys();
    if (!this.#isHolding) this.#parts.onLost({ queue: this.source.queue, failure: this.#failure, oldest });
  }
}
