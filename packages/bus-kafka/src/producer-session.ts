import { BrokerError } from '@es/core';
import { ROOT_CONTEXT, withContext, withTracingSuppressed } from '@es/otel';
import type { KafkaClient, KafkaProducer, KafkaRecordMetadata, KafkaTopicRecords } from './kafka-client.ts';
import { PartitionBook } from './partition-book.ts';

/** How often kafkajs sends a request again by itself, at once; the bus goes on from there. */
const retry = { retries: 1, initialRetryTime: 50 };

/** What a producer is made with. */
export interface ProducerSettings {
  readonly transactionalId?: string | undefined;
  /** kafkajs' number of it. */
  readonly compression: number;
}

/**
 * A producer, and after some failures the next one.
 *
 * The broker knows an idempotent producer's records by their numbers. kafkajs numbers a request anew when it failed, and two requests that are on
 * their way together can so get the same numbers, upon which the broker drops one as a copy of the other. So there is only ever one on its way.
 */
export class ProducerSession {
  readonly #client: KafkaClient;
  readonly #settings: ProducerSettings;
  readonly #book = new PartitionBook();
  #producer: Promise<KafkaProducer> | undefined;

  constructor(client: KafkaClient, settings: ProducerSettings) {
    this.#client = client;
    this.#settings = settings;
  }

  /** Sends requests one after another, in one transaction where there is one; resolves when the broker has everything. Not to be called before that. */
  send(requests: readonly KafkaTopicRecords[][]): Promise<readonly KafkaRecordMetadata[]> {
    return withContext(ROOT_CONTEXT, () => withTracingSuppressed(() => this.#send(requests)));
  }

  /** Lets go of the producer; the next send makes another one. */
  renew(): void {
    const producer = this.#producer;
    this.#producer = undefined;
    void producer?.then((old) => old.disconnect()).catch(() => undefined);
  }

  async close(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined);
    await producer?.disconnect();
  }

  async #send(requests: readonly KafkaTopicRecords[][]): Promise<readonly KafkaRecordMetadata[]> {
    this.#producer ??= this.#connect();
    const producer = await this.#producer;
    if (this.#settings.transactionalId === undefined) return this.#sendAll(producer, requests);
    const transaction = await producer.transaction();
    try {
      const metadata = await this.#sendAll(transaction, requests);
      await transaction.commit();
      return metadata;
    } catch (error) {
      // Else readers would wait behind it until the broker gives it up.
      await transaction.abort().catch(() => undefined);
      throw error;
    }
  }

  async #sendAll(
    sender: Pick<KafkaProducer, 'sendBatch'>,
    requests: readonly KafkaTopicRecords[][],
  ): Promise<readonly KafkaRecordMetadata[]> {
    const metadata: KafkaRecordMetadata[] = [];
    for (const request of requests) metadata.push(...(await this.#sendWhole(sender, request)));
    return metadata;
  }

  /** Until every partition has its records. */
  async #sendWhole(sender: Pick<KafkaProducer, 'sendBatch'>, request: KafkaTopicRecords[]): Promise<readonly KafkaRecordMetadata[]> {
    const metadata: KafkaRecordMetadata[] = [];
    for (let missing = request; missing.length > 0; missing = this.#book.missing(missing, metadata)) {
      const written = await sender.sendBatch({ acks: -1, compression: this.#settings.compression, topicMessages: missing });
      if (written.length === 0) throw new BrokerError('ES_BROKER_UNAVAILABLE', 'No broker took the records.');
      metadata.push(...written);
    }
    return metadata;
  }

  async #connect(): Promise<KafkaProducer> {
    const { transactionalId } = this.#settings;
    const producer = this.#client.producer({
      allowAutoTopicCreation: false,
      createPartitioner: this.#book.createPartitioner,
      idempotent: true,
      maxInFlightRequests: 1,
      retry,
      ...(transactionalId === undefined ? {} : { transactionalId }),
    });
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      this.#producer = undefined;
      producer.disconnect().catch(() => undefined);
      throw error;
    }
  }
}
