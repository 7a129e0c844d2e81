import { KafkaEventBus } from '@es/bus-kafka';
import { RabbitMQEventBus } from '@es/bus-rabbitmq';
import type { EventBus } from '@es/core';

/** Brokers that the services can be joined by. */
export const brokers = ['rabbitmq', 'kafka'] as const;
export type Broker = (typeof brokers)[number];

/**
 * The broker that `ES_BROKER` names.
 *
 * @throws Error when it names none.
 */
export function chosenBroker({ ES_BROKER = 'rabbitmq' }: NodeJS.ProcessEnv = process.env): Broker {
  const chosen = brokers.find((broker) => broker === ES_BROKER);
  if (chosen === undefined) throw new Error(`ES_BROKER is ${JSON.stringify(ES_BROKER)}; it may be ${brokers.join(' or ')}.`);
  return chosen;
}

/** A bus over the chosen broker. A service that only publishes needs no consumer group. */
export function openEventBus(options: { readonly consumerGroup?: string } = {}): EventBus {
  const {
    ES_AMQP_URL: url = 'amqp://localhost',
    ES_KAFKA_BROKERS: addresses = 'localhost:9092',
    ES_ORDERS_DESTINATION: name = 'orders',
  } = process.env;
  switch (chosenBroker()) {
    case 'rabbitmq':
      return new RabbitMQEventBus({ url, exchange: name, ...options });
    case 'kafka':
      return new KafkaEventBus({ brokers: addresses.split(','), topic: name, ...options });
  }
}
