import type { TestRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import type { BusEnvironment } from './buses.ts';

/** The tests' virtual host has it alone. */
export const exchange = 'orders';

/**
 * The services' environment on a suite's virtual host and a Kafka.
 *
 * @param prefix - begins the names of the topic and the consumer group, on a Kafka that others use too.
 */
export const busesOn = (
  rabbitmq: TestRabbitMQ,
  kafka: { readonly brokers: readonly string[]; readonly prefix?: string },
): BusEnvironment => ({
  ES_AMQP_URL: rabbitmq.url,
  ES_ORDERS_EXCHANGE: exchange,
  ES_KAFKA_BROKERS: kafka.brokers.join(),
  ES_PARCELS_TOPIC: `${kafka.prefix ?? ''}parcels`,
  ES_COURIER_GROUP: `${kafka.prefix ?? ''}courier`,
});
