import type { KafkaAdmin, KafkaClient } from './kafka-client.ts';
import type {
  ConsumerListener,
  DriverConsumer,
  DriverConsumerOptions,
  DriverProducer,
  DriverProducerOptions,
  KafkaDriver,
} from './kafka-driver.ts';
import { KafkaJsConsumer } from './kafkajs-consumer.ts';
import { KafkaJsProducer } from './kafkajs-producer.ts';
import { PartitionBook } from './partition-book.ts';

/** Drives a `Kafka` of kafkajs. */
export class KafkaJsDriver implements KafkaDriver {
  readonly #client: KafkaClient;
  readonly #book = new PartitionBook();

  constructor(client: KafkaClient) {
    this.#client = client;
  }

  createProducer(options: DriverProducerOptions): DriverProducer {
    return new KafkaJsProducer(this.#client, options, this.#book);
  }

  createConsumer(options: DriverConsumerOptions, listener: ConsumerListener): DriverConsumer {
    return new KafkaJsConsumer(this.#client, options, listener);
  }

  createAdmin(): KafkaAdmin {
    return this.#client.admin();
  }
}
