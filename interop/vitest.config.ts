import { defineConfig, mergeConfig } from 'vitest/config';
import shared from '../vitest.shared.ts';

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      globalSetup: ['@es-internal/services/vitest/rabbitmq', '@es-internal/services/vitest/kafka', './src/python-set-up.ts'],
    },
  }),
);
