import type { EventBusCapabilities, StoreCapabilities } from '@es/core';

/** What the event bus on RabbitMQ can do. */
export const rabbitMQEventBusCapabilities: EventBusCapabilities = Object.freeze<EventBusCapabilities>({
  durable: true,
  consumerGroups: true,
  refusesUnroutable: true,
});

/** What the dead letter store in RabbitMQ can do. */
export const rabbitMQDeadLetterStoreCapabilities: StoreCapabilities = Object.freeze({ durable: true, multipleConnections: true });
