import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../vitest.shared.ts';

const globalSetup = ['postgres', 'rabbitmq', 'kafka'].map((service) => `@es-internal/services/vitest/${service}`);

const config: ViteUserConfig = mergeConfig(shared, defineConfig({ test: { globalSetup } }));

export default config;
