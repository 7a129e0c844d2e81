import type { DomainEvent } from '@es/core';
import { type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect, type Options } from 'amqplib';
import type { Line } from './order.ts';
import { rawHeaders, someTraceparent } from './raw-cloud-event.ts';

/** Where the library's queues are, which its own bus has made. */
export interface RabbitMQPlace {
  readonly url: string;
  readonly exchange: string;
  readonly queues: readonly string[];
}

/** What someone writes by hand who wants the same of RabbitMQ as the library: confirmed publishes, headers, order per aggregate. */
export class RawRabbitMQ {
  readonly #connection: ChannelModel;
  readonly #channel: ConfirmChannel;
  readonly #place: RabbitMQPlace;
  readonly #traced: boolean;

  private constructor(connection: ChannelModel, channel: ConfirmChannel, place: RabbitMQPlace, traced: boolean) {
    this.#connection = connection;
    this.#channel = channel;
    this.#place = place;
    this.#traced = traced;
  }

  /** @param traced - Whether messages carry a trace. */
  static async open(place: RabbitMQPlace, traced: boolean): Promise<RawRabbitMQ> {
    const connection = await connect(place.url);
    return new RawRabbitMQ(connection, await connection.createConfirmChannel(), place, traced);
  }

  /** Resolves when the broker has confirmed all. */
  readonly publish = (events: readonly DomainEvent[]): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let open = events.length;
    const settled = (error: unknown): void => {
      open -= 1;
      if (error !== null) reject(error);
      else if (open === 0) resolve();
    };
    for (const event of events) {
      const { aggregateType, type, data } = event;
      this.#channel.publish(
        this.#place.exchange,
        `${aggregateType}.${type}`,
        Buffer.from(JSON.stringify(data)),
        this.#properties(event),
        settled,
      );
    }
    return promise;
  };

  /** Handles what comes, and acknowledges what is handled by one word for all of a turn of the event loop. */
  async consume(prefetch: number, handler: (id: string, line: Line) => Promise<void>): Promise<void> {
    for (const queue of this.#place.queues) {
      const channel = await this.#connection.createChannel();
      await channel.prefetch(prefetch);
      const acknowledge = acknowledging(channel);
      await channel.consume(queue, (message) => {
        if (message === null) throw new Error(`The broker took the queue ${queue} away.`);
        const line = JSON.parse(message.content.toString()) as Line;
        handler(String(message.properties.messageId), line).then(() => acknowledge(message));
      });
    }
  }

  /** Takes so many messages, and nothing more when they are there. */
  readonly take = async (count: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const channel = await this.#connection.createChannel();
    for (const queue of this.#place.queues) {
      const take = (message: ConsumeMessage | null): void => {
        ids.push(String(message?.properties.messageId));
        if (ids.length === count) resolve();
      };
      await channel.consume(queue, take, { noAck: true });
    }
    await promise;
    await channel.close();
    return ids;
  };

  async close(): Promise<void> {
    await this.#connection.close();
  }

  #properties(event: DomainEvent): Options.Publish {
    return {
      CC: `es-slot-${slotOf(event.aggregateId)}`,
      contentType: 'application/json',
      headers: { ...rawHeaders('cloudEvents:', event), ...(this.#traced ? { traceparent: someTraceparent } : {}) },
      mandatory: true,
      messageId: event.id,
      persistent: true,
      timestamp: Math.floor(Date.parse(event.occurredAt) / 1_000),
      type: event.type,
    };
  }
}

/** Any function will do by which an aggregate always gets the same of the 64. */
const slotOf = (aggregateId: string): number => Number.parseInt(aggregateId.slice(-2), 16) % 64;

const acknowledging = (channel: Channel): ((message: ConsumeMessage) => void) => {
  let last: ConsumeMessage | undefined;
  return (message) => {
    if (last === undefined) {
      setImmediate(() => {
        if (last !== undefined) channel.ack(last, true);
        last = undefined;
      });
    }
    last = message;
  };
};
