import { randomUUID } from 'node:crypto';
import { afterAll, inject } from 'vitest';
import { brokersIn, deleteFromKafka } from '../kafka-admin.ts';
import { testName } from './names.ts';
import { offerOf, suite } from './suite.ts';

/** A share of Kafka for one suite. */
export interface TestKafka {
  /** The `host:port` of each broker. */
  readonly brokers: string[];
  /** Begins the names of the suite's topics and consumer groups, all of which are deleted after its last test. */
  readonly prefix: string;
}

const ownShare = (brokers: string): TestKafka => {
  const prefix = `${testName(inject('run'), randomUUID().slice(0, 8))}_`;
  afterAll(() => deleteFromKafka(brokers, (name) => name.startsWith(prefix)));
  return { brokers: brokersIn(brokers), prefix };
};

/**
 * A `describe` for tests that need Kafka, with names of its own for topics and groups. Where Kafka can't be had, one test stands for all of
 * them, skipped with the reason. The package's vitest configuration names `@es-internal/services/vitest/kafka` as a global set-up.
 */
export const describeWithKafka = (name: string, body: (broker: TestKafka) => void): void =>
  suite(name, [offerOf('kafka')], (brokers = '') => body(ownShare(brokers)));
