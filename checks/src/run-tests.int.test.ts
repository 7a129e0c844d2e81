import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from './run.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';
import { repositoryRoot } from './workspace.ts';

const writes = (passed: number, failed: number, skipped: readonly object[] = []): string =>
  `import { mkdirSync, writeFileSync } from 'node:fs';
   console.log('really ran');
   mkdirSync('.test-results', { recursive: true });
   writeFileSync('.test-results/summary.json', '${JSON.stringify({ passed, failed, skipped })}');
   process.exit(${failed === 0 ? 0 : 1});`;

/** A workspace whose packages' tests are these scripts. */
const workspace = (tests: Readonly<Record<string, string>>): string => {
  const root = temporaryFolder();
  const names = Object.keys(tests);
  mkdirSync(join(root, 'scripts'));
  for (const file of ['scripts/run-tests.mjs', 'turbo.json', '.gitignore']) copyFileSync(join(repositoryRoot, file), join(root, file));
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'root', private: true, packageManager: 'pnpm@12.4.2' }));
  writeFileSync(join(root, 'pnpm-workspace.yaml'), 'packages:\n  - packages/*\n');
  const importers = names.map((name) => `  packages/${name}: {}\n`).join('');
  writeFileSync(join(root, 'pnpm-lock.yaml'), `lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n${importers}`);
  for (const [name, script] of Object.entries(tests)) {
    const folder = join(root, 'packages', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name, version: '1.0.0', type: 'module', scripts: { test: 'node test.mjs' } }),
    );
    writeFileSync(join(folder, 'test.mjs'), script);
  }
  return root;
};

const runTests = (root: string, args: readonly string[] = [], forbidSkips = '0') => {
  const { status, stdout, stderr } = run('node', [join(root, 'scripts', 'run-tests.mjs'), ...args], {
    env: { ...process.env, ES_FORBID_SKIPS: forbidSkips },
  });
  const lines = stdout.trimEnd().split('\n');
  return { status, closing: lines.at(-1), ran: stdout.split('really ran').length - 1, output: stdout + stderr };
};

test('the closing line adds the packages up, also when turbo has their results in its cache', () => {
  const root = workspace({ a: writes(3, 0), b: writes(4, 0) });
  expect(runTests(root)).toMatchObject({ status: 0, closing: '7 passed, 0 failed', ran: 2 });
  expect(runTests(root)).toMatchObject({ status: 0, closing: '7 passed, 0 failed', ran: 0 });
});

test('a package that fails does not hide the others', () => {
  expect(runTests(workspace({ a: writes(3, 2), b: writes(4, 0) }))).toMatchObject({ status: 1, closing: '7 passed, 2 failed' });
});

test('only the packages asked for are run and counted', () => {
  const root = workspace({ a: writes(3, 0), b: writes(4, 0) });
  runTests(root);
  expect(runTests(root, ['--filter', 'b'])).toMatchObject({ status: 0, closing: '4 passed, 0 failed' });
});

test('tests that end without a result, that are not there, or that fail without a failed test count as one failure', () => {
  const broken = runTests(workspace({ a: writes(3, 0), b: 'process.exit(1)' }));
  expect(broken).toMatchObject({ status: 1, closing: '3 passed, 1 failed', output: expect.stringContaining('b: left no result') });
  const none = runTests(workspace({ a: writes(3, 0), b: writes(0, 0) }));
  expect(none).toMatchObject({ status: 1, closing: '3 passed, 1 failed', output: expect.stringContaining('b: found no tests') });
  const odd = runTests(workspace({ a: writes(3, 0).replace('process.exit(0)', 'process.exit(1)') }));
  expect(odd).toMatchObject({ status: 1, closing: '3 passed, 1 failed', output: expect.stringContaining('turbo failed although') });
});

test('a skip is shown with its reason, and counts as failed where skips are forbidden', () => {
  const root = workspace({ a: writes(3, 0, [{ name: 'waits', reason: 'no server' }]) });
  const shown = expect.stringContaining('skipped: waits (no server)');
  expect(runTests(root)).toMatchObject({ status: 0, closing: '3 passed, 0 failed, 1 skipped', output: shown });
  expect(runTests(root, [], '1')).toMatchObject({ status: 1, closing: '3 passed, 1 failed', output: shown });
});
