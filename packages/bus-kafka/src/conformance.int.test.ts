import { randomUUID } from 'node:crypto';
import { describeDeadLetterStore, describeEventBus } from '@es/testing';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { describe, test } from 'vitest';
import { busSuite } from './bus-suite.fixture.ts';
import { kafkaDeadLetterStoreCapabilities } from './kafka-capabilities.ts';
import { KafkaDeadLetterStore } from './kafka-dead-letter-store.ts';
import { locationOf } from './location.fixture.ts';

// They wait for the broker most of the time, and can do so together. What the bus can't do is among the tests of publishing.
const runner = { describe: describe.concurrent, test, skip: () => undefined };

describeWithKafka('the event bus on Kafka', (kafka) => {
  describeEventBus({ ...busSuite(kafka), runner, traced: false });

  describeDeadLetterStore({
    runner,
    name: 'the dead letter store on Kafka',
    capabilities: kafkaDeadLetterStoreCapabilities,
    create: () => {
      const topic = `${kafka.prefix}${randomUUID()}.dead-letters`;
      return { open: () => new KafkaDeadLetterStore({ ...locationOf({ brokers: kafka.brokers }), topic }) };
    },
  });
});
