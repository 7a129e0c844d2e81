import type { Bench } from '../harness/bench.ts';
import type { BrokerPlace, PlaceLocation, PythonPlace } from './broker-place.ts';
import { KafkaPlace, pythonTopic } from './kafka-place.ts';
import { pythonExchange, RabbitMQPlace } from './rabbitmq-place.ts';

/** A broker that the library has a bus for. */
export interface Broker {
  readonly id: 'rabbitmq' | 'kafka';
  readonly name: string;
  readonly driver: string;
  /** Makes a place on the run's server, for the scenario alone. */
  readonly place: (bench: Bench, name: string) => Promise<BrokerPlace>;
  /** A place that was made before. */
  readonly open: (location: PlaceLocation) => BrokerPlace;
  readonly pythonPlace: (bench: Bench) => Promise<PythonPlace>;
}

/** With quorum queues, as the library has them. */
export const rabbitMQ: Broker = {
  id: 'rabbitmq',
  name: 'RabbitMQ',
  driver: 'amqplib',
  place: async ({ brokers }, name) => {
    const place = new RabbitMQPlace(await brokers.rabbitmq(), name);
    await place.declare();
    return place;
  },
  open: ([url, exchange]) => new RabbitMQPlace(url, exchange),
  pythonPlace: async ({ brokers }) => pythonExchange(await brokers.rabbitmq(), 'python'),
};

/** One node, so that acks=-1 is its own. */
export const kafka: Broker = {
  id: 'kafka',
  name: 'Kafka',
  driver: 'kafkajs',
  place: async ({ brokers }, name) => {
    const place = new KafkaPlace(brokers.kafka.brokers, `${brokers.kafka.prefix}${name}`);
    await place.declare();
    return place;
  },
  open: ([brokers, topic]) => new KafkaPlace(brokers.split(','), topic),
  pythonPlace: ({ brokers }) => pythonTopic(brokers.kafka.brokers, `${brokers.kafka.prefix}python`),
};

/** @throws when there is none. */
export const brokerOf = (id: string): Broker => {
  const found = [rabbitMQ, kafka].find((broker) => broker.id === id);
  if (found === undefined) throw new Error(`There is no broker ${id}.`);
  return found;
};
