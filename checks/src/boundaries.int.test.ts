import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { boundaryViolations } from './boundaries.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';
import { repositoryRoot } from './workspace.ts';

const source = { '.': { '@es/source': './src/index.ts', default: './dist/index.js' } };
const api = { '@opentelemetry/api': '^1.9.0' };

/** A workspace like ours in small, where nothing breaks a rule. */
const healthy: Readonly<Record<string, unknown>> = {
  'pnpm-workspace.yaml': 'packages:\n  - packages/*\n  - examples/*\n',
  'package.json': { name: 'root', private: true, devDependencies: { vitest: '*', '@es/testing': '*' } },
  'node_modules/vitest/package.json': { name: 'vitest', version: '1.0.0', exports: './index.js' },
  'node_modules/vitest/index.js': 'export const test = 1;',
  'node_modules/@opentelemetry/api/package.json': { name: '@opentelemetry/api', version: '1.9.0', exports: './index.js' },
  'node_modules/@opentelemetry/api/index.js': 'export const trace = 1;',
  'node_modules/@opentelemetry/sdk-node/package.json': { name: '@opentelemetry/sdk-node', version: '1.9.0', exports: './index.js' },
  'node_modules/@opentelemetry/sdk-node/index.js': 'export const sdk = 1;',
  'packages/otel/package.json': { name: '@es/otel', exports: source, peerDependencies: { ...api, '@opentelemetry/sdk-node': '*' } },
  'packages/otel/src/index.ts': `import { trace } from '@opentelemetry/api'; export const traced = trace;`,
  'packages/otel/src/node/index.ts': `import { sdk } from '@opentelemetry/sdk-node'; export const start = sdk;`,
  'packages/core/package.json': {
    name: '@es/core',
    exports: source,
    dependencies: { '@es/otel': '*' },
    devDependencies: { ...api, '@opentelemetry/sdk-node': '*' },
  },
  'packages/core/src/index.ts': `import { AsyncLocalStorage } from 'node:async_hooks'; export { event } from './event.ts'; export const s = AsyncLocalStorage;`,
  'packages/core/src/event.ts': `import type { traced } from '@es/otel'; export type Event = typeof traced; export const event = 1;`,
  'packages/core/src/event.unit.test.ts': `import 'node:fs'; import { test } from 'vitest'; import { sdk } from '@opentelemetry/sdk-node'; import '@es/testing'; import { event } from './event.ts'; test(event, sdk);`,
  'packages/store/package.json': { name: '@es/store', exports: source, dependencies: { '@es/otel': '*', '@es/core': '*' } },
  'packages/store/src/index.ts': `import 'node:fs'; import '@es/otel'; export { event } from '@es/core';`,
  'packages/testing/package.json': {
    name: '@es/testing',
    exports: source,
    dependencies: { '@es/core': '*', ...api, '@opentelemetry/sdk-node': '*' },
  },
  'packages/testing/src/index.ts': `import '@es/core'; import '@opentelemetry/api'; import '@opentelemetry/sdk-node';`,
  'examples/shop/package.json': { name: '@es-examples/shop', private: true, dependencies: { '@es/core': '*' } },
  'examples/shop/src/main.ts': `import { event } from '@es/core'; export const shop = event;`,
};

/** The rules broken in the healthy workspace with these files added or replaced, each with the file that breaks it. */
const violationsWith = async (changes: Readonly<Record<string, unknown>>): Promise<readonly string[]> => {
  const root = temporaryFolder();
  for (const [file, content] of Object.entries({ ...healthy, ...changes })) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), typeof content === 'string' ? content : JSON.stringify(content));
  }
  mkdirSync(join(root, 'node_modules/@es'));
  for (const name of ['otel', 'core', 'store', 'testing'])
    symlinkSync(join(root, 'packages', name), join(root, 'node_modules/@es', name), 'junction');
  return (await boundaryViolations(root)).map(({ rule, from }) => `${rule}: ${from}`).sort();
};

test('no import of this repository crosses a boundary', async () => {
  expect(await boundaryViolations(repositoryRoot)).toEqual([]);
});

describe('a workspace', () => {
  test('that keeps every rule has no violation', async () => {
    expect(await violationsWith({})).toEqual([]);
  });

  test.for<[title: string, file: string, content: string, rules: readonly string[]]>([
    ['otel that imports core', 'packages/otel/src/up.ts', `import '@es/core';`, ['declared', 'direction']],
    [
      'core that imports an adapter',
      'packages/core/src/up.ts',
      `import type { event } from '@es/store'; export type E = typeof event;`,
      ['declared', 'direction'],
    ],
    ['an adapter that ships on the test tooling', 'packages/store/src/side.ts', `import '@es/testing';`, ['declared', 'direction']],
    [
      'two files that import each other',
      'packages/core/src/event.ts',
      `export { s } from './index.ts'; export const event = 1;`,
      ['no-cycle'],
    ],
    [
      'a cycle of types alone',
      'packages/core/src/event.ts',
      `import type { s } from './index.ts'; export const event: typeof s = 1;`,
      ['no-cycle'],
    ],
    ['a file inside another package, by its name', 'packages/store/src/deep.ts', `import '@es/core/src/event.ts';`, ['resolvable']],
    ['a file inside another package, by its path', 'packages/store/src/deep.ts', `import '../../core/src/event.ts';`, ['no-deep-import']],
    [
      'an example that reaches into a package',
      'examples/shop/src/deep.ts',
      `import '../../../packages/core/src/event.ts';`,
      ['no-deep-import'],
    ],
    [
      'the OpenTelemetry API outside otel',
      'packages/core/src/api.ts',
      `export { trace } from '@opentelemetry/api';`,
      ['declared', 'only-otel-imports-the-api'],
    ],
    ['an SDK in a package', 'packages/core/src/sdk.ts', `import '@opentelemetry/sdk-node';`, ['declared', 'no-sdk']],
    ['an SDK in otel outside of its Node part', 'packages/otel/src/sdk.ts', `await import('@opentelemetry/sdk-node');`, ['no-sdk']],
    [
      'a Node module in core',
      'packages/core/src/file.ts',
      `import type { Stats } from 'node:fs'; export type S = Stats;`,
      ['core-runs-anywhere'],
    ],
    ['a package that nobody declared', 'packages/store/src/other.ts', `import 'vitest';`, ['declared']],
    ['one of ours that the example did not declare', 'examples/shop/src/other.ts', `import '@es/otel';`, ['declared']],
    [
      'a test that uses what its package did not declare',
      'packages/store/src/a.unit.test.ts',
      `import 'vitest'; import '@opentelemetry/sdk-node';`,
      ['declared'],
    ],
    ['a file that is not there', 'packages/store/src/other.ts', `import './gone.ts';`, ['resolvable']],
  ])('with %s is refused', async ([, file, content, rules]) => {
    const broken = await violationsWith({ [file]: content });
    expect([...new Set(broken.map((violation) => violation.split(':')[0]))]).toEqual(rules);
    if (!rules.includes('no-cycle')) expect(broken.every((violation) => violation.endsWith(file))).toBe(true);
  });
});
