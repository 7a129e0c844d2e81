import type { EventBusCapabilities, StoreCapabilities } from '@es/core';

/** What the event bus on Kafka can do. */
export const kafkaEventBusCapabilities: EventBusCapabilities = Object.freeze<EventBusCapabilities>({
  durable: true,
  consumerGroups: true,
  orderedGroups: true,
  refusesUnroutable: {
    supported: false,
    reason: 'a topic takes events whether or not anybody reads it; only a missing topic is refused, with `createTopics: false`',
  },
});

/** What the dead letter store on Kafka can do. */
export const kafkaDeadLetterStoreCapabilities: StoreCapabilities = Object.freeze({ durable: true, multipleConnections: true });
