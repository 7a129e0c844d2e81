import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Manifest, publicPackages, repositoryRoot, workspacePackages } from './workspace.ts';

const read = (...path: string[]): string => readFileSync(join(repositoryRoot, ...path), 'utf8');
const root = JSON.parse(read('package.json')) as Manifest;
const packages = publicPackages();
const ours = new Set(packages.map(({ manifest }) => manifest.name));

/** `exports` without the condition that leads to the sources, which are not published. */
const withoutSources = (exports: Readonly<Record<string, unknown>> = {}): unknown =>
  JSON.parse(JSON.stringify(exports, (key, value: unknown) => (key === '@es/source' ? undefined : value)));

describe.for(packages.map((own) => [own.manifest.name, own] as const))('%s', ([, { folder, manifest }]) => {
  test('says who may use it, where it is from and what it needs', () => {
    expect(manifest).toMatchObject({
      license: root.license,
      type: 'module',
      sideEffects: false,
      engines: root.engines,
      repository: { type: 'git', directory: folder },
      publishConfig: { access: 'public', provenance: true },
    });
    expect(read(folder, 'LICENSE')).toBe(read('LICENSE'));
  });

  test('is published with the same exports, less the way to its sources', () => {
    expect(manifest.publishConfig?.exports).toEqual(withoutSources(manifest.exports));
  });

  test('depends on our other packages by the workspace, never as peers: a minor of a peer would be a major of this package', () => {
    expect(Object.keys(manifest.peerDependencies ?? {}).filter((name) => ours.has(name))).toEqual([]);
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(([name]) => ours.has(name));
    expect(versions.filter(([, range]) => range !== 'workspace:^')).toEqual([]);
  });
});

test('what is not published is named so that nobody takes it for a package', () => {
  const names = workspacePackages().flatMap(({ manifest }) => (manifest.private === true ? [manifest.name] : []));
  expect(names.filter((name) => !/^@es-(internal|examples)\//.test(name))).toEqual([]);
});

test('Node and pnpm are required in the same versions everywhere', () => {
  const { node, pnpm } = JSON.parse(read('scripts', 'toolchain.json')) as Record<'node' | 'pnpm', { minimum: string; version: string }>;
  expect(root.engines).toEqual({ node: `>=${node.minimum}` });
  expect((JSON.parse(read('package.json')) as { packageManager: string }).packageManager).toBe(`pnpm@${pnpm.version}`);
});
