import { describeEventBus } from '@es/testing';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { describe, test } from 'vitest';
import { busSuite } from './bus-suite.fixture.ts';

describeWithKafka('the event bus on Kafka, with an SDK', (kafka) => {
  describeEventBus({ ...busSuite(kafka), runner: { describe, test, skip: () => undefined }, traced: true });
});
