import type { AmqpChannel, AmqpConnection } from './amqp-driver.ts';
import { plainConsume } from './plain-consume.ts';

/** A place among the consumers of a group, and what the broker says about the group. */
export class Membership {
  readonly #connection: AmqpConnection;
  readonly #members: string | undefined;
  #channel: Promise<AmqpChannel> | undefined;

  /** @param members - The queue by whose consumers the group counts itself; `undefined` where nobody counts. */
  constructor(connection: AmqpConnection, members: string | undefined) {
    this.#connection = connection;
    this.#members = members;
  }

  /** Is counted from now on, as long as the connection lasts. */
  async join(): Promise<void> {
    await this.#open();
  }

  /** How many consumers the group has, this one included. */
  async size(): Promise<number> {
    const channel = await this.#open();
    if (this.#members === undefined) return 1;
    const { consumerCount } = await channel.checkQueue(this.#members);
    return Math.max(consumerCount, 1);
  }

  /** How many messages wait in a queue; those that were delivered are not among them. */
  async waiting(queue: string): Promise<number> {
    const channel = await this.#open();
    const { messageCount } = await channel.checkQueue(queue);
    return messageCount;
  }

  /** The broker closes the channel when it is asked for a queue that is not there. */
  #open(): Promise<AmqpChannel> {
    this.#channel ??= this.#join();
    return this.#channel;
  }

  async #join(): Promise<AmqpChannel> {
    const leave = (): void => {
      this.#channel = undefined;
    };
    try {
      const channel = await this.#connection.createChannel();
      channel.on('error', () => undefined);
      channel.on('close', leave);
      if (this.#members !== undefined) await plainConsume(channel)(this.#members, () => undefined, { noAck: true });
      return channel;
    } catch (error) {
      leave();
      throw error;
    }
  }
}
