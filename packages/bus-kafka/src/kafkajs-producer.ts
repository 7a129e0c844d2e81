import { BrokerError } from '@es/core';
import { CompressionTypes } from 'kafkajs';
import type { KafkaClient, KafkaProducer, KafkaRecordMetadata, KafkaTopicRecords } from './kafka-client.ts';
import type { KafkaCompression } from './kafka-compression.ts';
import type { DriverProducer, DriverProducerOptions, DriverTransaction } from './kafka-driver.ts';
import type { PartitionBook } from './partition-book.ts';

/** How often kafkajs sends a request again by itself, at once; the bus goes on from there. */
const retry = { retries: 1, initialRetryTime: 50 };

const compressions: Readonly<Record<KafkaCompression, number>> = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
  zstd: CompressionTypes.ZSTD,
};

/**
 * A producer of kafkajs.
 *
 * The broker knows an idempotent producer's records by their numbers. kafkajs numbers a request anew when it failed, and two requests that are on
 * their way together can so get the same numbers, upon which the broker drops one as a copy of the other. So there may only be one on its way.
 */
export class KafkaJsProducer implements DriverProducer {
  readonly #producer: KafkaProducer;
  readonly #compression: number;
  readonly #book: PartitionBook;

  constructor(client: KafkaClient, { compression, transactionalId }: DriverProducerOptions, book: PartitionBook) {
    this.#compression = compressions[compression];
    this.#book = book;
    this.#producer = client.producer({
      allowAutoTopicCreation: false,
      createPartitioner: book.createPartitioner,
      idempotent: true,
      maxInFlightRequests: 1,
      retry,
      ...(transactionalId === undefined ? {} : { transactionalId }),
    });
  }

  connect(): Promise<void> {
    return this.#producer.connect();
  }

  disconnect(): Promise<void> {
    return this.#producer.disconnect();
  }

  send(records: readonly KafkaTopicRecords[]): Promise<readonly KafkaRecordMetadata[]> {
    return this.#sendWhole(this.#producer, records);
  }

  async transaction(): Promise<DriverTransaction> {
    const transaction = await this.#producer.transaction();
    return {
      send: (records) => this.#sendWhole(transaction, records),
      commit: () => transaction.commit(),
      abort: () => transaction.abort(),
    };
  }

  /** Until every partition has its records. */
  async #sendWhole(
    sender: Pick<KafkaProducer, 'sendBatch'>,
    records: readonly KafkaTopicRecords[],
  ): Promise<readonly KafkaRecordMetadata[]> {
    const metadata: KafkaRecordMetadata[] = [];
    for (let missing = [...records]; missing.length > 0; missing = this.#book.missing(missing, metadata)) {
      const written = await sender.sendBatch({ acks: -1, compression: this.#compression, topicMessages: missing });
      if (written.length === 0) throw new BrokerError('ES_BROKER_UNAVAILABLE', 'No broker took the records.');
      metadata.push(...written);
    }
    return metadata;
  }
}
