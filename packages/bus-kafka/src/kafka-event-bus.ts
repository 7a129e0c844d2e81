import { BaseEventBus } from '@es/core';
import type { KafkaEventBusOptions } from './kafka-options.ts';
import { KafkaEventTransport } from './kafka-transport.ts';

/**
 * An event bus on Apache Kafka. Events go to one topic, or to one for each aggregate type; all of an aggregate go to one partition. Consumers of one
 * group share the partitions and handle several aggregates of each at the same time.
 *
 * Nothing is connected before the first publish, or `startConsuming`.
 */
export class KafkaEventBus extends BaseEventBus {
  /** @throws InvalidArgumentError when an option is out of its range; EventDefinitionError when two of the definitions share a type. */
  constructor(options: KafkaEventBusOptions) {
    super(new KafkaEventTransport(options), options);
  }
}
