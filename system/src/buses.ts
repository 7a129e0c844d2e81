import { KafkaEventBus } from '@es/bus-kafka';
import { RabbitMQEventBus } from '@es/bus-rabbitmq';
import type { EventBus } from '@es/core';

/** Where the brokers are, and how what is on them is called, as the services' environment has it. */
export interface BusEnvironment {
  readonly ES_AMQP_URL: string;
  readonly ES_ORDERS_EXCHANGE: string;
  /** Joined by commas. */
  readonly ES_KAFKA_BROKERS: string;
  readonly ES_PARCELS_TOPIC: string;
  readonly ES_COURIER_GROUP: string;
}

const setting = (name: keyof BusEnvironment): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set.`);
  return value;
};

/** Orders travel over RabbitMQ, to the warehouse. */
export const openOrdersBus = (options: { readonly consumerGroup?: string } = {}): EventBus =>
  new RabbitMQEventBus({ url: setting('ES_AMQP_URL'), exchange: setting('ES_ORDERS_EXCHANGE'), ...options });

/** Parcels travel over Kafka, to the courier. */
export const openParcelsBus = (): EventBus =>
  new KafkaEventBus({
    brokers: setting('ES_KAFKA_BROKERS').split(','),
    topic: setting('ES_PARCELS_TOPIC'),
    consumerGroup: setting('ES_COURIER_GROUP'),
    partitions: 3,
  });
