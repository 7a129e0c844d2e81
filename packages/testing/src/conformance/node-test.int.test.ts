import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a suite runs under node:test, with skips and their reasons', async () => {
  const suite = fileURLToPath(new URL('./node-test.fixture.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@es/source', '--test', '--test-reporter=tap', suite], {
    // A test runner marks its children, and node:test behaves differently inside another one.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, NODE_OPTIONS: undefined },
  });
  expect(stdout).toContain('InMemoryCheckpointStore');
  expect(stdout).toMatch(/# SKIP the data lives and dies with the store object/);
  expect(stdout).toMatch(/# pass [1-9]\d*\n# fail 0\n/);
  expect(stdout).toMatch(/# skipped 2\n/);
});
