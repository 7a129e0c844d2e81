import { randomUUID } from 'node:crypto';
import { describeDeadLetterStore, describeEventBus } from '@es/testing';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { describe, test } from 'vitest';
import { kafkaDeadLetterStoreCapabilities, kafkaEventBusCapabilities } from './kafka-capabilities.ts';
import { KafkaDeadLetterStore } from './kafka-dead-letter-store.ts';
import { KafkaEventBus } from './kafka-event-bus.ts';
import { PACKAGE_NAME } from './package-info.ts';
import { publishRaw } from './raw.fixture.ts';

describeWithKafka('the event bus on Kafka', ({ brokers, prefix }) => {
  const [first = ''] = brokers;
  const [host, port] = first.split(':');
  describeEventBus({
    runner: { describe, test },
    name: 'keeps the promises of the port',
    capabilities: kafkaEventBusCapabilities,
    telemetry: {
      scope: PACKAGE_NAME,
      system: 'kafka',
      publishOperation: 'send',
      attributes: { 'server.address': host, 'server.port': Number(port) },
    },
    create: () => {
      const topic = `${prefix}${randomUUID()}`;
      return {
        destination: topic,
        open: ({ consumerGroup = 'readers', ...options }) =>
          new KafkaEventBus({ brokers, topic, partitions: 3, ...options, consumerGroup: `${topic}.${consumerGroup}` }),
        publishRaw: (message) => publishRaw(brokers, topic, message),
      };
    },
  });

  describeDeadLetterStore({
    runner: { describe, test },
    name: 'the dead letter store on Kafka',
    capabilities: kafkaDeadLetterStoreCapabilities,
    create: () => {
      const topic = `${prefix}${randomUUID()}.dead-letters`;
      return { open: () => new KafkaDeadLetterStore({ brokers, topic }) };
    },
  });
});
