import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Manifest, repositoryRoot } from './workspace.ts';

const exactVersion = /^\d+\.\d+\.\d+[^\s|]*$/;

// pnpm leaves an optional package that a registry does not have out of the lockfile without a word. Those are mostly a tool's
// binaries for other systems: the workspace would install here and nowhere else.
test('the lockfile has every optional package, so every platform, of what it installs', () => {
  const { packages } = parse(readFileSync(join(repositoryRoot, 'pnpm-lock.yaml'), 'utf8')) as { packages: Record<string, unknown> };
  const locked = new Set(Object.keys(packages).flatMap((id) => [id, id.slice(0, id.lastIndexOf('@'))]));
  const missing = new Set<string>();
  let optional = 0;
  for (const file of globSync('node_modules/.pnpm/*/node_modules/{*,@*/*}/package.json', { cwd: repositoryRoot })) {
    const { name, version, optionalDependencies = {} } = JSON.parse(readFileSync(join(repositoryRoot, file), 'utf8')) as Manifest;
    if (!locked.has(`${name}@${version}`)) continue;
    for (const [dependency, range] of Object.entries(optionalDependencies)) {
      optional += 1;
      const id = exactVersion.test(range) ? `${dependency}@${range}` : dependency;
      if (!locked.has(id)) missing.add(`${id} of ${name}@${version}`);
    }
  }
  expect(optional).toBeGreaterThan(0);
  expect([...missing].sort()).toEqual([]);
});
