export { kafkaDeadLetterStoreCapabilities, kafkaEventBusCapabilities } from './kafka-capabilities.ts';
export { KafkaDeadLetterStore, type KafkaDeadLetterStoreOptions } from './kafka-dead-letter-store.ts';
export { KafkaEventBus } from './kafka-event-bus.ts';
export type { KafkaCompression, KafkaCredentials, KafkaEventBusOptions, KafkaLocation } from './kafka-options.ts';
