import type { DomainEvent } from '@es/core';
import { type Channel, type ChannelModel, type ConfirmChannel, type ConsumeMessage, connect, type Options } from 'amqplib';
import { type Backlog, type HandleLine, publishAll, type RawDriver } from './broker-place.ts';
import { Gate } from './gate.ts';
import type { Line } from './order.ts';
import { rawHeaders, someTraceparent } from './raw-cloud-event.ts';

/** Exchange and queues, which the library's own bus has made. */
export interface RabbitMQTopology {
  readonly url: string;
  readonly exchange: string;
  readonly queues: readonly string[];
}

/** As the library's default: messages of a queue that are in hand at most. */
const prefetch = 100;

/** RabbitMQ with amqplib by hand. */
export class RawRabbitMQ implements RawDriver {
  readonly #connection: ChannelModel;
  readonly #channel: ConfirmChannel;
  readonly #place: RabbitMQTopology;
  readonly #traced: boolean;

  private constructor(connection: ChannelModel, channel: ConfirmChannel, place: RabbitMQTopology, traced: boolean) {
    this.#connection = connection;
    this.#channel = channel;
    this.#place = place;
    this.#traced = traced;
  }

  /** @param traced - Whether messages carry a trace. */
  static async open(place: RabbitMQTopology, traced: boolean): Promise<RawRabbitMQ> {
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
  readonly consume = async (handle: HandleLine): Promise<void> => {
    for (const queue of this.#place.queues) {
      const channel = await this.#connection.createChannel();
      await channel.prefetch(prefetch);
      const acknowledge = acknowledging(channel);
      await channel.consume(queue, (message) => {
        if (message === null) throw new Error(`The broker took the queue ${queue} away.`);
        const line = JSON.parse(message.content.toString()) as Line;
        void handle(String(message.properties.messageId), line).then(() => acknowledge(message));
      });
    }
  };

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

  /** The broker hands over as many messages as are prefetched; their handlers wait at a gate. */
  readonly openBacklog = async (): Promise<Backlog> => {
    const gate = new Gate();
    return {
      fill: (events) => {
        gate.close();
        return publishAll(events, this.publish);
      },
      release: () => gate.open(),
      held: () => gate.closed,
    };
  };

  readonly close = (): Promise<void> => this.#connection.close();

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
