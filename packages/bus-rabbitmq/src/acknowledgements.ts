import type { AmqpChannel, AmqpDelivery } from './amqp-driver.ts';
import type { GatheredWrites } from './gathered-writes.ts';

/**
 * Acknowledges what is done on one channel, many at a time: as far as everything before is done, by one word for all of it, and the rest one by
 * one, so that a slow event holds back no other's.
 */
export class Acknowledgements {
  readonly #channel: AmqpChannel;
  readonly #writes: GatheredWrites;
  /** Done and not acknowledged, by delivery tag. */
  readonly #done = new Set<number>();
  /** Acknowledged ahead of others. */
  readonly #ahead = new Set<number>();
  /** Everything up to this tag is acknowledged. */
  #upTo = 0;
  #isScheduled = false;

  constructor(channel: AmqpChannel, writes: GatheredWrites) {
    this.#channel = channel;
    this.#writes = writes;
  }

  /** A message is done; the broker hears of it within this turn of the event loop. */
  done({ fields }: AmqpDelivery): void {
    this.#done.add(fields.deliveryTag);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.flush());
  }

  /** Tells the broker now. */
  flush(): void {
    this.#isScheduled = false;
    try {
      const last = this.#advance();
      if (last !== undefined) this.#channel.ack({ fields: { deliveryTag: last } }, true);
      for (const deliveryTag of this.#done) {
        this.#channel.ack({ fields: { deliveryTag } });
        this.#ahead.add(deliveryTag);
      }
      this.#writes.gather();
    } catch {
      // The channel is gone; the broker delivers again what it has not heard of.
    }
    this.#done.clear();
  }

  /** Moves the line behind which all is done; returns the last tag before it that the broker has not heard of. */
  #advance(): number | undefined {
    let last: number | undefined;
    for (let next = this.#upTo + 1; ; next += 1) {
      if (this.#done.delete(next)) last = next;
      else if (!this.#ahead.delete(next)) return last;
      this.#upTo = next;
    }
  }
}
