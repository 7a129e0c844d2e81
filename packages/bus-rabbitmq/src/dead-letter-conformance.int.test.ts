import { randomUUID } from 'node:crypto';
import { describeDeadLetterStore } from '@es/testing';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { describe, test } from 'vitest';
import { rabbitMQDeadLetterStoreCapabilities } from './rabbitmq-capabilities.ts';
import { RabbitMQDeadLetterStore } from './rabbitmq-dead-letter-store.ts';

describeWithRabbitMQ('dead letters in RabbitMQ', ({ url }) => {
  describeDeadLetterStore({
    runner: { describe, test },
    name: 'RabbitMQDeadLetterStore',
    capabilities: rabbitMQDeadLetterStoreCapabilities,
    create: () => {
      const consumerGroup = randomUUID();
      return { open: () => new RabbitMQDeadLetterStore({ url, consumerGroup }) };
    },
  });
});
