import { BaseEventBus } from '@es/core';
import type { RabbitMQEventBusOptions } from './rabbitmq-options.ts';
import { RabbitMQTransport } from './rabbitmq-transport.ts';

/**
 * An event bus over RabbitMQ (3.10 or later, no plugin). It connects when it first publishes, or starts to consume, and again whenever the
 * connection was lost.
 *
 * Publishing resolves when the broker has confirmed every event, and fails by its deadline with a PublishError that names those it has not. Events
 * wait in durable quorum queues, also while no consumer of the group runs. `startConsuming` fails with a BrokerError when the broker is not
 * there or not as asked for, and may be called again. Dead letters are kept in the broker too.
 */
export class RabbitMQEventBus extends BaseEventBus {
  /** @throws InvalidArgumentError when an option can't be meant; EventDefinitionError when two of the definitions share a type. */
  constructor(options: RabbitMQEventBusOptions) {
    super(new RabbitMQTransport(options), options);
  }
}
