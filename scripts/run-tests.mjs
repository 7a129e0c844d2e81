// Runs every package's tests and closes with one line that adds them up: `N passed, N failed`.
//
//   npm test                                   everything
//   npm test -- --filter @es/core              one package; arguments are turbo's
//   npm test -- --filter @es/core -- -t word   one package's tests whose name has that word; what follows is vitest's
//
// A skipped test is shown with its reason. With ES_FORBID_SKIPS=1 it counts as failed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** @typedef {{ passed: number, failed: number, skipped: { name: string, reason: string }[] }} Summary As vitest.reporter.ts writes it. */

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const forbidSkips = process.env['ES_FORBID_SKIPS'] === '1';

/**
 * @param {string[]} flags
 * @param {'inherit' | 'pipe'} stdio
 */
const turboTest = (flags, stdio) =>
  spawnSync('turbo', ['run', 'test', ...flags, ...process.argv.slice(2)], {
    cwd: root,
    encoding: 'utf8',
    stdio,
    maxBuffer: 2 ** 28,
    shell: process.platform === 'win32',
  });

const plan = turboTest(['--dry=json'], 'pipe');
if (plan.status !== 0) {
  process.stderr.write(`${plan.stderr ?? ''}${plan.error?.message ?? ''}\nturbo could not plan the tests.\n`);
  process.exit(1);
}
/** @type {{ package: string, summaryFile: string }[]} */
const planned = JSON.parse(plan.stdout)
  .tasks.filter((/** @type {{ task: string, command: string }} */ { task, command }) => task === 'test' && command !== '<NONEXISTENT>')
  .map((/** @type {{ package: string, directory: string }} */ task) => ({
    package: task.package,
    summaryFile: join(root, task.directory, '.test-results', 'summary.json'),
  }));
for (const { summaryFile } of planned) rmSync(summaryFile, { force: true });

// Servers that tests start stay up from one package to the next, and go down after the last.
const hold = join(root, 'services', 'src', 'hold.ts');
/** @type {() => Promise<void>} */
const letGo = existsSync(hold) ? (await import(pathToFileURL(hold).href)).holdServices() : () => Promise.resolve();
const run = turboTest(['--continue=always', '--concurrency=2', '--output-logs=new-only'], 'inherit');
await letGo();

let passed = 0;
let failed = 0;
let skipped = 0;
for (const { package: name, summaryFile } of planned) {
  if (!existsSync(summaryFile)) {
    console.log(`${name}: left no result, because its build or its tests did not get to their end`);
    failed += 1;
    continue;
  }
  /** @type {Summary} */
  const summary = JSON.parse(readFileSync(summaryFile, 'utf8'));
  passed += summary.passed;
  failed += summary.failed;
  skipped += summary.skipped.length;
  const found = summary.passed + summary.failed + summary.skipped.length > 0;
  if (!found) failed += 1;
  console.log(found ? `${name}: ${summary.passed} passed, ${summary.failed} failed` : `${name}: found no tests`);
  for (const test of summary.skipped) console.log(`  skipped: ${test.name} (${test.reason})`);
}
if (forbidSkips && skipped > 0) {
  console.log(`${skipped} skipped, which counts as failed here (ES_FORBID_SKIPS=1).`);
  failed += skipped;
}
if (run.status !== 0 && failed === 0) {
  console.log('turbo failed although no test did: see its output above.');
  failed = 1;
}
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 && !forbidSkips ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);
