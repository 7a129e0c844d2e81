import type { PublishFailure } from '@es/core';
import { withTracingSuppressed } from '@es/otel';
import type { AmqpConfirmChannel } from './amqp-driver.ts';
import type { GatheredWrites } from './gathered-writes.ts';
import type { Publication } from './publication.ts';
import { replyCodeOf } from './rabbitmq-failure.ts';

const preconditionFailed = 406;

/** One life of a confirm channel. */
export class ConfirmSession {
  /** Sent and not settled, in the order of sending. */
  readonly #unconfirmed = new Set<Publication>();
  /** How many messages with this id came back and are not settled yet. */
  readonly #returned = new Map<string, number>();
  readonly #channel: AmqpConfirmChannel;
  readonly #writes: GatheredWrites;
  readonly #onSettled: () => void;
  #failure: Error | undefined;
  #isFull = false;
  #isLost = false;

  /**
   * @param onSettled - Told after each confirmation or refusal.
   * @param onLost - Told when the channel is gone.
   * @param onDrained - Told when there is room again.
   */
  constructor(
    channel: AmqpConfirmChannel,
    writes: GatheredWrites,
    on: { readonly settled: () => void; readonly lost: () => void; readonly drained: () => void },
  ) {
    this.#channel = channel;
    this.#writes = writes;
    this.#onSettled = on.settled;
    channel.on('error', (error) => {
      this.#failure = error;
    });
    channel.on('close', () => {
      this.#isLost = true;
      on.lost();
    });
    channel.on('drain', () => {
      this.#isFull = false;
      on.drained();
    });
    channel.on('return', ({ properties: { messageId } }) => {
      this.#returned.set(String(messageId), (this.#returned.get(String(messageId)) ?? 0) + 1);
    });
  }

  /** Why the broker closed the channel, if it said so. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Whether the broker closed the channel because a message was too large for it. */
  get isTooLarge(): boolean {
    return replyCodeOf(this.#failure) === preconditionFailed && /message size/.test(this.#failure?.message ?? '');
  }

  /** Whether nothing is sent and not settled. */
  get isIdle(): boolean {
    return this.#unconfirmed.size === 0;
  }

  /** Sends from the beginning of a list until the channel has no room; returns how many are dealt with. */
  send(publications: readonly Publication[]): number {
    return withTracingSuppressed(() => {
      let done = 0;
      while (done < publications.length && !this.#isFull && !this.#isLost) {
        const publication = publications[done];
        if (publication?.isWanted === true && !this.#sendOne(publication)) break;
        done += 1;
      }
      this.#writes.gather();
      return done;
    });
  }

  /** What was sent and is not settled, in its order, without what was too large for the broker, which is told so. */
  takeUnconfirmed(): Publication[] {
    const all = [...this.#unconfirmed];
    this.#unconfirmed.clear();
    const tooLarge = this.isTooLarge ? largestOf(all) : undefined;
    tooLarge?.failed(tooLargeFailure(tooLarge, this.#failure));
    return all.filter((publication) => publication !== tooLarge && publication.isWanted);
  }

  /** @returns whether it is dealt with; if not, the channel is about to close. */
  #sendOne(publication: Publication): boolean {
    const { exchange, routingKey, content, properties } = publication;
    try {
      this.#unconfirmed.add(publication);
      this.#isFull = !this.#channel.publish(exchange, routingKey, content, properties, (error) => this.#settle(publication, error));
      return true;
    } catch (error) {
      this.#unconfirmed.delete(publication);
      if (error instanceof Error && error.name === 'IllegalOperationError') return false;
      publication.failed(error instanceof RangeError ? tooLargeFailure(publication, error) : notSent(error));
      return true;
    }
  }

  #settle(publication: Publication, error: Error | null): void {
    if (error === null) {
      if (!this.#unconfirmed.delete(publication)) return;
      if (this.#wasReturned(publication)) publication.failed(unroutable(publication));
      else publication.confirmed();
      this.#onSettled();
      return;
    }
    // A channel that closes fails them all, and the broker did not refuse them; we are told of the closing right after this.
    queueMicrotask(() => {
      if (this.#isLost || !this.#unconfirmed.delete(publication)) return;
      publication.failed(refused(error));
      this.#onSettled();
    });
  }

  #wasReturned({ properties: { messageId } }: Publication): boolean {
    if (this.#returned.size === 0) return false;
    const count = this.#returned.get(messageId) ?? 0;
    if (count > 1) this.#returned.set(messageId, count - 1);
    else this.#returned.delete(messageId);
    return count > 0;
  }
}

/** The broker takes messages in their order and stops at the first that is too large; none before it was larger. */
function largestOf(publications: readonly Publication[]): Publication | undefined {
  return publications.reduce<Publication | undefined>(
    (largest, one) => (largest === undefined || one.content.length > largest.content.length ? one : largest),
    undefined,
  );
}

function tooLargeFailure({ content }: Publication, cause: unknown): PublishFailure {
  return {
    code: 'ES_PUBLISH_TOO_LARGE',
    reason: `it has ${content.length} bytes and headers beside them, and that is more than the broker or AMQP takes. Put less into the event, or raise the broker's max_message_size.`,
    cause,
  };
}

function notSent(cause: unknown): PublishFailure {
  return {
    code: 'ES_PUBLISH_REFUSED',
    reason: `AMQP can't carry it: ${cause instanceof Error ? cause.message : String(cause)}. Look at the event's id, type and routing key.`,
    cause,
  };
}

function unroutable({ exchange, routingKey }: Publication): PublishFailure {
  return {
    code: 'ES_PUBLISH_UNROUTABLE',
    reason: `no queue gets ${JSON.stringify(routingKey)} from exchange ${JSON.stringify(exchange)}. Start a consumer group that wants them once, so that its queues exist, or publish with \`unroutable: 'accept'\`.`,
  };
}

function refused(cause: Error): PublishFailure {
  return {
    code: 'ES_PUBLISH_REFUSED',
    reason: 'the broker refused them: a queue that should get them is full or failed. Look at the queues, then publish the events again.',
    cause,
  };
}
