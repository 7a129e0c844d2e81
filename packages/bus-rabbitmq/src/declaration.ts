import { BrokerError } from '@es/core';
import type { AmqpChannel } from './amqp-driver.ts';
import { explainFailure, replyCodeOf } from './rabbitmq-failure.ts';
import { partitionsFoundIn } from './topology-names.ts';

const preconditionFailed = 406;
const quorum = { 'x-queue-type': 'quorum' } as const;

/** Makes exchanges and queues, or, where the bus may not, looks whether they are there. The channel is closed by the first that fails. */
export class Declaration {
  readonly #channel: AmqpChannel;
  readonly #place: string;
  readonly #mayDeclare: boolean;

  /** @param place - Server and virtual host, without secrets. */
  constructor(channel: AmqpChannel, place: string, mayDeclare: boolean) {
    this.#channel = channel;
    this.#place = place;
    this.#mayDeclare = mayDeclare;
  }

  /** A durable exchange. */
  async exchange(name: string, type: 'topic' | 'direct' | 'fanout', args: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.#step(`exchange ${name}`, () =>
      this.#mayDeclare ? this.#channel.assertExchange(name, type, { durable: true, arguments: args }) : this.#channel.checkExchange(name),
    );
  }

  /** A durable quorum queue. */
  async queue(name: string, args: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.#step(`queue ${name}`, () =>
      this.#mayDeclare
        ? this.#channel.assertQueue(name, { durable: true, arguments: { ...quorum, ...args } })
        : this.#channel.checkQueue(name),
    );
  }

  async bindQueue(queue: string, exchange: string, pattern: string): Promise<void> {
    if (!this.#mayDeclare) return;
    await this.#step(`the binding of queue ${queue} to exchange ${exchange}`, () => this.#channel.bindQueue(queue, exchange, pattern));
  }

  async bindExchange(destination: string, source: string, pattern: string): Promise<void> {
    if (!this.#mayDeclare) return;
    await this.#step(`the binding of exchange ${destination} to exchange ${source}`, () =>
      this.#channel.bindExchange(destination, source, pattern),
    );
  }

  async #step(what: string, run: () => Promise<unknown>): Promise<void> {
    try {
      await run();
    } catch (error) {
      throw this.#explain(what, error);
    }
  }

  #explain(what: string, error: unknown): Error {
    const operation = `${this.#mayDeclare ? 'Declaring' : 'Looking for'} ${what}`;
    const partitions = replyCodeOf(error) === preconditionFailed && error instanceof Error ? partitionsFoundIn(error.message) : undefined;
    if (partitions === undefined) return explainFailure(error, operation, this.#place);
    return new BrokerError(
      'ES_BROKER_TOPOLOGY',
      `${operation} failed on ${this.#place}: this consumer group was set up with ${partitions} partitions. Use \`partitions: ${partitions}\`; or stop all its consumers, let its queues run empty, delete its exchange and queues, and start again with another number.`,
      { cause: error },
    );
  }
}
