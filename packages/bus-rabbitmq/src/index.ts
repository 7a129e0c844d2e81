export type {
  AmqpChannel,
  AmqpConfirmChannel,
  AmqpConnect,
  AmqpConnection,
  AmqpDeclareOptions,
  AmqpDelivery,
  AmqpMessage,
  AmqpPublishOptions,
} from './amqp-driver.ts';
export {
  rabbitMQDeadLetterStoreCapabilities,
  rabbitMQEventBusCapabilities,
  rabbitMQUnorderedEventBusCapabilities,
} from './rabbitmq-capabilities.ts';
export { RabbitMQDeadLetterStore, type RabbitMQDeadLetterStoreOptions } from './rabbitmq-dead-letter-store.ts';
export { RabbitMQEventBus } from './rabbitmq-event-bus.ts';
export type { RabbitMQEventBusOptions, RabbitMQLocation, RabbitMQNameOptions } from './rabbitmq-options.ts';
