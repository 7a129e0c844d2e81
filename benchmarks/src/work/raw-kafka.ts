import type { DomainEvent } from '@es/core';
import { type Consumer, Kafka, logLevel, type Message, Partitioners, type Producer, type ProducerConfig, type Transaction } from 'kafkajs';
import { type Backlog, type HandleLine, publishAll, type RawDriver } from './broker-place.ts';
import type { Line } from './order.ts';
import { rawHeaders, someTraceparent } from './raw-cloud-event.ts';

/** Where events are. */
export interface KafkaTopic {
  readonly brokers: string[];
  readonly topic: string;
}

/** As the library has them, and as kafkajs' documentation wants it of those who need each record once and in order. */
const producerConfig: ProducerConfig = {
  allowAutoTopicCreation: false,
  createPartitioner: Partitioners.DefaultPartitioner,
  idempotent: true,
  maxInFlightRequests: 1,
};

/** As the library commits: every half second, and after a thousand messages. */
const commits = { autoCommitInterval: 500, autoCommitThreshold: 1_000 };

/** Kafka with kafkajs by hand. */
export class RawKafka implements RawDriver {
  readonly #kafka: Kafka;
  readonly #topic: string;
  readonly #traced: boolean;
  readonly #open: { disconnect(): Promise<void> }[] = [];
  #producer: Producer | undefined;
  #taker: { readonly consumer: Consumer; onId: (id: string) => void } | undefined;

  /** @param traced - Whether messages carry a trace. */
  constructor({ brokers, topic }: KafkaTopic, traced: boolean) {
    this.#kafka = new Kafka({ clientId: 'benchmarks', brokers, logLevel: logLevel.NOTHING });
    this.#topic = topic;
    this.#traced = traced;
  }

  /** Resolves when the broker has confirmed all. */
  readonly publish = async (events: readonly DomainEvent[]): Promise<void> => {
    this.#producer ??= await this.#connected(this.#kafka.producer(producerConfig));
    await this.#send(this.#producer, events);
  };

  /** Handles what comes, the messages of a partition one after the other. */
  readonly consume = async (handle: HandleLine): Promise<void> => {
    const consumer = await this.#subscribed(`${this.#topic}.by-hand`);
    await consumer.run({
      ...commits,
      partitionsConsumedConcurrently: 64,
      eachMessage: async ({ message: { headers, value } }) => handle(String(headers?.['ce_id']), JSON.parse(String(value)) as Line),
    });
  };

  /** Takes so many messages, and nothing more when they are there. */
  readonly take = async (count: number): Promise<readonly string[]> => {
    const ids: string[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const onId = (id: string): void => {
      ids.push(id);
      if (ids.length === count) resolve();
    };
    if (this.#taker === undefined) await this.#startTaking(onId);
    else this.#taker.onId = onId;
    this.#taker?.consumer.resume([{ topic: this.#topic }]);
    await promise;
    this.#taker?.consumer.pause([{ topic: this.#topic }]);
    return ids;
  };

  /** Consumers don't see messages before the transaction is committed in which they were sent. */
  readonly openBacklog = async (): Promise<Backlog> => {
    const producer = await this.#connected(this.#kafka.producer({ ...producerConfig, transactionalId: this.#topic }));
    let transaction: Transaction | undefined;
    return {
      fill: async (events) => {
        const begun = await producer.transaction();
        transaction = begun;
        await publishAll(events, (some) => this.#send(begun, some));
      },
      release: async () => transaction?.commit(),
    };
  };

  readonly close = async (): Promise<void> => {
    await Promise.all(this.#open.map((client) => client.disconnect()));
  };

  async #send(sender: Pick<Producer, 'send'>, events: readonly DomainEvent[]): Promise<void> {
    await sender.send({ topic: this.#topic, acks: -1, messages: events.map((event) => this.#message(event)) });
  }

  async #startTaking(onId: (id: string) => void): Promise<void> {
    const taker = { consumer: await this.#subscribed(`${this.#topic}.taker`), onId };
    this.#taker = taker;
    await taker.consumer.run({
      eachMessage: async ({ message }) => taker.onId(String(message.headers?.['ce_id'] ?? message.headers?.['event_id'])),
    });
  }

  async #subscribed(groupId: string): Promise<Consumer> {
    const consumer = await this.#connected(this.#kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 250 }));
    await consumer.subscribe({ topic: this.#topic, fromBeginning: true });
    return consumer;
  }

  async #connected<Client extends Producer | Consumer>(client: Client): Promise<Client> {
    await client.connect();
    this.#open.push(client);
    return client;
  }

  #message(event: DomainEvent): Message {
    return {
      key: event.aggregateId,
      value: JSON.stringify(event.data),
      headers: {
        ...rawHeaders('ce_', event),
        'content-type': 'application/json',
        ...(this.#traced ? { traceparent: someTraceparent } : {}),
      },
    };
  }
}
