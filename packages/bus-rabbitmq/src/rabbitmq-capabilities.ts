import type { EventBusCapabilities, StoreCapabilities } from '@es/core';

/** What the event bus on RabbitMQ can do, with the ordering `aggregate`. */
export const rabbitMQEventBusCapabilities: EventBusCapabilities = Object.freeze<EventBusCapabilities>({
  durable: true,
  consumerGroups: true,
  orderedGroups: true,
  refusesUnroutable: true,
});

/** What it can do with the ordering `none`. */
export const rabbitMQUnorderedEventBusCapabilities: EventBusCapabilities = Object.freeze<EventBusCapabilities>({
  ...rabbitMQEventBusCapabilities,
  orderedGroups: { supported: false, reason: 'the queue gives each event to whichever consumer has room' },
});

/** What the dead letter store in RabbitMQ can do. */
export const rabbitMQDeadLetterStoreCapabilities: StoreCapabilities = Object.freeze({ durable: true, multipleConnections: true });
