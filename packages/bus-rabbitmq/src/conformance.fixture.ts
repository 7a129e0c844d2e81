import { randomUUID } from 'node:crypto';
import type { EventBusSuite } from '@es/testing';
import { describe, test } from 'vitest';
import { PACKAGE_NAME } from './package-info.ts';
import { rabbitMQEventBusCapabilities, rabbitMQUnorderedEventBusCapabilities } from './rabbitmq-capabilities.ts';
import { RabbitMQEventBus } from './rabbitmq-event-bus.ts';
import { publishRaw } from './raw.fixture.ts';

/** What the conformance suite must know of the bus on the broker at a URL. What it can't do with an ordering is among the tests of sharing. */
export function busSuite(url: string, ordering: 'aggregate' | 'none'): EventBusSuite {
  const { hostname, port } = new URL(url);
  return {
    runner: { describe, test, skip: () => undefined },
    name: `RabbitMQEventBus with the ordering '${ordering}'`,
    capabilities: ordering === 'aggregate' ? rabbitMQEventBusCapabilities : rabbitMQUnorderedEventBusCapabilities,
    telemetry: {
      scope: PACKAGE_NAME,
      system: 'rabbitmq',
      publishOperation: 'publish',
      attributes: { 'server.address': hostname, 'server.port': Number(port) },
    },
    create: () => {
      const exchange = `events-${randomUUID().slice(0, 8)}`;
      return {
        destination: exchange,
        open: (options) => new RabbitMQEventBus({ url, exchange, ordering, partitions: 2, ...options }),
        publishRaw: (message) => publishRaw(url, exchange, message),
      };
    },
  };
}
