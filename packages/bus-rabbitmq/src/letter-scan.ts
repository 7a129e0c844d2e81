import { randomUUID } from 'node:crypto';
import type { DeadLetter } from '@es/core';
import type { AmqpChannel, AmqpMessage } from './amqp-driver.ts';
import { markerType } from './letter-message.ts';
import { plainConsume } from './plain-consume.ts';

/** What a scan works with. */
export interface LetterScanParts {
  /** Of the scan's own. */
  readonly channel: AmqpChannel;
  readonly queue: string;
  /** How many letters one consumer holds; another one goes on from there. The broker lets it be 65,535 at most. */
  readonly windowSize: number;
  readonly read: (message: AmqpMessage) => DeadLetter;
  /** Puts a marker behind everything that is in the queue, confirmed. */
  readonly mark: (id: string) => Promise<void>;
}

/**
 * Takes every letter out of the queue, one scan at a time, to look at it. The broker holds them meanwhile, and has them all back in their order
 * when the scan ends, or when the process that scans does. Of two letters with the same id, which a replacement leaves, the older one goes.
 */
export class LetterScan {
  readonly #parts: LetterScanParts;
  readonly #marker: string = randomUUID();
  /** Delivery tags by letter id. */
  readonly #found = new Map<string, number>();
  /** Delivery tags of what came behind the marker. */
  readonly #late: number[] = [];
  readonly #consumerTags: string[] = [];
  readonly #end = Promise.withResolvers<void>();
  #isOver = false;
  #received = 0;
  #replaced = 0;

  constructor(parts: LetterScanParts) {
    this.#parts = parts;
    this.#end.promise.catch(() => undefined);
    parts.channel.on('close', () => this.#end.reject(new Error('Channel closed')));
  }

  /**
   * Shows every letter.
   *
   * @returns whether each was shown once. If not, older ones of the same id were among them, which are gone now.
   */
  async run(visit: (letter: DeadLetter) => void): Promise<boolean> {
    await this.#parts.channel.prefetch(this.#parts.windowSize);
    await this.#parts.mark(this.#marker);
    await this.#consume(visit);
    await this.#end.promise;
    return this.#replaced === 0;
  }

  /** Removes a letter that was seen; resolves to whether there was one. */
  async remove(id: string): Promise<boolean> {
    const deliveryTag = this.#found.get(id);
    if (deliveryTag === undefined) return false;
    this.#found.delete(id);
    this.#ack(deliveryTag);
    // An answer on this channel says that the broker has read what was sent before.
    await this.#parts.channel.checkQueue(this.#parts.queue);
    return true;
  }

  /** Removes all letters but those that are to be kept: by one word to the broker, so that an interruption leaves all or none. */
  async removeAllBut(isKept: (id: string) => boolean): Promise<void> {
    const kept = [...this.#found].filter(([id]) => isKept(id)).map(([, deliveryTag]) => deliveryTag);
    await this.#cancel();
    for (const deliveryTag of [...kept, ...this.#late.splice(0)]) this.#parts.channel.nack({ fields: { deliveryTag } }, false, true);
    this.#parts.channel.ackAll();
    this.#found.clear();
  }

  /** Gives everything back to the broker. */
  async end(): Promise<void> {
    await this.#cancel();
    this.#parts.channel.nackAll(true);
  }

  async #cancel(): Promise<void> {
    for (const consumerTag of this.#consumerTags.splice(0)) await this.#parts.channel.cancel(consumerTag);
  }

  async #consume(visit: (letter: DeadLetter) => void): Promise<void> {
    // The broker takes messages back consumer by consumer, in the order of their tags.
    const consumerTag = `es-letters-${String(this.#consumerTags.length).padStart(6, '0')}`;
    this.#consumerTags.push(consumerTag);
    await plainConsume(this.#parts.channel)(this.#parts.queue, (message) => this.#delivered(message, visit), { consumerTag });
  }

  #delivered(message: AmqpMessage | null, visit: (letter: DeadLetter) => void): void {
    if (message === null) {
      this.#end.reject(new Error('Channel closed: the queue was deleted'));
      return;
    }
    if (this.#isOver) {
      this.#late.push(message.fields.deliveryTag);
      return;
    }
    if (message.properties.type === markerType) this.#marked(message);
    else this.#read(message, visit);
    this.#received += 1;
    if (this.#received % this.#parts.windowSize === 0 && !this.#isOver) this.#consume(visit).catch(this.#end.reject);
  }

  /** A marker of a scan that was interrupted says nothing. */
  #marked({ fields, properties }: AmqpMessage): void {
    this.#ack(fields.deliveryTag);
    if (properties.messageId !== this.#marker) return;
    this.#isOver = true;
    this.#end.resolve();
  }

  #read(message: AmqpMessage, visit: (letter: DeadLetter) => void): void {
    const letter = this.#parts.read(message);
    const older = this.#found.get(letter.id);
    if (older !== undefined) {
      this.#ack(older);
      this.#replaced += 1;
    }
    this.#found.set(letter.id, message.fields.deliveryTag);
    visit(letter);
  }

  #ack(deliveryTag: number): void {
    this.#parts.channel.ack({ fields: { deliveryTag } });
  }
}
