import { randomUUID } from 'node:crypto';
import type { EventBusSuite } from '@es/testing';
import type { TestKafka } from '@es-internal/services/vitest/use-kafka';
import { kafkaEventBusCapabilities } from './kafka-capabilities.ts';
import { KafkaEventBus } from './kafka-event-bus.ts';
import { locationOf } from './location.fixture.ts';
import { PACKAGE_NAME } from './package-info.ts';
import { publishRaw } from './raw.fixture.ts';

/** What the conformance suite must know of the bus. */
export function busSuite({ brokers, prefix }: TestKafka): Omit<EventBusSuite, 'runner' | 'traced'> {
  const [first = ''] = brokers;
  const [host, port] = first.split(':');
  return {
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
          new KafkaEventBus({ ...locationOf({ brokers }), topic, partitions: 3, ...options, consumerGroup: `${topic}.${consumerGroup}` }),
        publishRaw: (message) => publishRaw(brokers, topic, message),
      };
    },
  };
}
