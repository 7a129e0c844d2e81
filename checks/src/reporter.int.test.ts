import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from './run.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';
import { repositoryRoot } from './workspace.ts';

/** The summary that vitest with our reporter leaves behind for these test files. */
const summaryOf = (files: Readonly<Record<string, string>>): unknown => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'src'));
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
  const reporters = JSON.stringify([join(repositoryRoot, 'vitest.reporter.ts')]);
  writeFileSync(join(folder, 'vitest.config.ts'), `export default { test: { include: ['src/*.case.ts'], reporters: ${reporters} } };`);
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, 'src', `${name}.case.ts`), `import { afterAll, beforeAll, describe, test } from 'vitest';\n${text}`);
  run('vitest', ['run'], { cwd: folder });
  return JSON.parse(readFileSync(join(folder, '.test-results', 'summary.json'), 'utf8'));
};

test('passed, failed and skipped tests are counted, skips with their reasons', () => {
  const text = `
    test('good', () => {});
    test.fails('bad, as expected', () => { throw new Error('bad'); });
    test('bad', () => { throw new Error('bad'); });
    describe('group', () => { test('waits', (context) => context.skip('no server')); });
    test.skip('off', () => {});`;
  expect(summaryOf({ all: text })).toEqual({
    passed: 2,
    failed: 1,
    skipped: [
      { name: 'src/all.case.ts > group > waits', reason: 'no server' },
      { name: 'src/all.case.ts > off', reason: 'no reason given' },
    ],
  });
});

test('what fails outside of a test counts as a failure each', () => {
  const good = `test('good', () => {});`;
  expect(
    summaryOf({
      hooks: `describe('before', () => { beforeAll(() => { throw new Error('bad'); }); ${good} });
              describe('after', () => { afterAll(() => { throw new Error('bad'); }); ${good} });`,
      top: `beforeAll(() => { throw new Error('bad'); }); ${good}`,
      missing: `import './gone.ts'; ${good}`,
      empty: '',
      loose: `test('good', () => { void Promise.reject(new Error('bad')); });`,
    }),
  ).toEqual({
    passed: 2,
    failed: 6,
    skipped: [
      { name: 'src/hooks.case.ts > before > good', reason: 'the set-up around it failed' },
      { name: 'src/top.case.ts > good', reason: 'the set-up around it failed' },
    ],
  });
});

test('a test that takes its process down counts as failed', () => {
  expect(summaryOf({ crash: `test('crash', () => { process.kill(process.pid, 'SIGKILL'); });` })).toMatchObject({
    passed: 0,
    failed: expect.toSatisfy((failed: number) => failed > 0),
  });
});
