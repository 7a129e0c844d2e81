export { confluentKafka } from './confluent-kafka.ts';
export type {
  ConfluentAdminHandle,
  ConfluentCallback,
  ConfluentConfig,
  ConfluentConsumerHandle,
  ConfluentFailure,
  ConfluentHandle,
  ConfluentLibrary,
  ConfluentMessage,
  ConfluentPlace,
  ConfluentProducerHandle,
  ConfluentTopic,
} from './confluent-library.ts';
export { kafkaDeadLetterStoreCapabilities, kafkaEventBusCapabilities } from './kafka-capabilities.ts';
export type {
  KafkaAdmin,
  KafkaBatch,
  KafkaBatchPayload,
  KafkaClient,
  KafkaConsumer,
  KafkaConsumerEvent,
  KafkaConsumerOptions,
  KafkaMessage,
  KafkaOffsets,
  KafkaPlace,
  KafkaProducer,
  KafkaProducerOptions,
  KafkaRecord,
  KafkaRecordMetadata,
  KafkaRetry,
  KafkaRun,
  KafkaSend,
  KafkaTopicConfig,
  KafkaTopicMetadata,
  KafkaTopicRecords,
  KafkaTransaction,
} from './kafka-client.ts';
export type { KafkaCompression } from './kafka-compression.ts';
export { KafkaDeadLetterStore, type KafkaDeadLetterStoreOptions } from './kafka-dead-letter-store.ts';
export type {
  ArrivedBatch,
  ConnectionObserver,
  ConsumerListener,
  DriverConsumer,
  DriverConsumerOptions,
  DriverProducer,
  DriverProducerOptions,
  DriverTransaction,
  KafkaDriver,
  RecordSink,
} from './kafka-driver.ts';
export { KafkaEventBus } from './kafka-event-bus.ts';
export type { KafkaCredentials, KafkaEventBusOptions, KafkaLocation } from './kafka-options.ts';
