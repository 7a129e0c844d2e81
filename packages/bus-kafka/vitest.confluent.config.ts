import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../../vitest.shared.ts';

// Apart from the other tests, since the first run of these compiles Confluent's library.
const { test: { include: _, ...test } = {}, ...rest } = shared;

const config: ViteUserConfig = mergeConfig(
  { ...rest, test },
  defineConfig({
    test: {
      include: [
        'src/{conformance,consuming,faults,processes,publishing,rebalance,rights,topology}*.int.test.ts',
        'confluent/*.int.test.ts',
      ],
      globalSetup: ['@es-internal/services/vitest/kafka', '@es-internal/services/vitest/confluent'],
    },
  }),
);

export default config;
