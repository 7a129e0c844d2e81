import { randomUUID } from 'node:crypto';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { describeDeadLetterStore } from '@es/testing';
import { describe, test } from 'vitest';
import { rabbitMQDeadLetterStoreCapabilities } from './rabbitmq-capabilities.ts';
import { RabbitMQDeadLetterStore } from './rabbitmq-dead-letter-store.ts';

describeWithRabbitMQ('on RabbitMQ', ({ url }) => {
  describeDeadLetterStore({
    runner: { describe, test },
    name: 'RabbitMQDeadLetterStore',
    capabilities: rabbitMQDeadLetterStoreCapabilities,
    create: async () => {
      const consumerGroup = randomUUID();
      return { open: async (options) => new RabbitMQDeadLetterStore({ url, consumerGroup, ...options }), destroy: async () => undefined };
    },
  });
});
