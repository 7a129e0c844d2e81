import { defineConfig, mergeConfig } from 'vitest/config';
import shared from '../vitest.shared.ts';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      // Every test starts three processes, which takes its time on a busy machine.
      testTimeout: 180_000,
      globalSetup: ['@es-internal/services/vitest/rabbitmq', '@es-internal/services/vitest/kafka'],
    },
  }),
);
