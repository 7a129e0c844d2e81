import { defineConfig, mergeConfig } from 'vitest/config';
import shared from '../vitest.shared.ts';

// Apart from the other tests, since the first run of these builds a Collector and fetches a Zipkin.
const { test: { include: _, ...test } = {}, ...rest } = shared;

export default mergeConfig(
  { ...rest, test },
  defineConfig({
    test: {
      include: ['backends/*.e2e.test.ts'],
      globalSetup: ['@es-internal/services/vitest/rabbitmq', '@es-internal/services/vitest/zipkin'],
    },
  }),
);
