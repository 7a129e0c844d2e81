import { KafkaEventBus } from '@es/bus-kafka';
import { type EventBus, eventSourcePy } from '@es/core';
import { asKafkaAdmin } from '@es-internal/services/kafka-admin';
import type { BrokerPlace, PlaceLocation, PythonPlace, RawDriver } from './broker-place.ts';
import { RawKafka } from './raw-kafka.ts';

/** The library's default for new topics. */
const partitions = 6;

const createTopic = async (brokers: string[], topic: string): Promise<void> => {
  const topics = [{ topic, numPartitions: partitions }];
  await asKafkaAdmin(brokers.join(','), (admin) => admin.createTopics({ topics, waitForLeaders: true }));
};

/** A topic on Kafka. */
export class KafkaPlace implements BrokerPlace {
  readonly #brokers: string[];
  readonly #topic: string;

  constructor(brokers: string[], topic: string) {
    this.#brokers = brokers;
    this.#topic = topic;
  }

  get location(): PlaceLocation {
    return [this.#brokers.join(','), this.#topic];
  }

  declare(): Promise<void> {
    return createTopic(this.#brokers, this.#topic);
  }

  readonly openBus = (): EventBus =>
    new KafkaEventBus({ brokers: this.#brokers, topic: this.#topic, consumerGroup: `${this.#topic}.library` });

  readonly openRaw = async (traced: boolean): Promise<RawDriver> => new RawKafka({ brokers: this.#brokers, topic: this.#topic }, traced);
}

/** A topic of eventsource-py's. */
export const pythonTopic = async (brokers: string[], prefix: string): Promise<PythonPlace> => {
  const topic = `${prefix}.stream`;
  await createTopic(brokers, topic);
  return {
    location: { system: 'kafka', url: brokers.join(','), name: prefix, group: `${prefix}.group` },
    openFiller: () => new KafkaEventBus({ brokers, topic, codec: eventSourcePy() }),
    openRaw: async () => new RawKafka({ brokers, topic }, false),
  };
};
