import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { createVirtualHost, deleteVirtualHosts } from '../rabbitmq-management.ts';
import { testName } from './names.ts';
import { offerOf, suite } from './suite.ts';

/** A virtual host of a suite's own, empty before its first test and gone after its last. */
export interface TestRabbitMQ {
  /** Of the virtual host, for its user who may do everything in it. */
  readonly url: string;
  readonly virtualHost: string;
}

const ownVirtualHost = (serverUrl: string): TestRabbitMQ => {
  const virtualHost = testName(inject('run'), randomUUID().slice(0, 8));
  beforeAll(async () => {
    await createVirtualHost(serverUrl, virtualHost);
  });
  afterAll(() => deleteVirtualHosts(serverUrl, (name) => name === virtualHost));
  const url = new URL(serverUrl);
  url.pathname = `/${virtualHost}`;
  return { url: url.href, virtualHost };
};

/**
 * A `describe` for tests that need RabbitMQ, with a virtual host of its own. Where RabbitMQ can't be had, one test stands for all of them,
 * skipped with the reason. The package's vitest configuration names `@es-internal/services/vitest/rabbitmq` as a global set-up.
 */
export const describeWithRabbitMQ = (name: string, body: (broker: TestRabbitMQ) => void): void =>
  suite(name, [offerOf('rabbitmq')], (serverUrl = '') => body(ownVirtualHost(serverUrl)));
