// Runs every package's tests and closes with one line that adds them up: `N passed, N failed`.
// Arguments are handed to turbo: `npm test -- --filter @es/core`.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const filters = process.argv.slice(2);
for (const old of globSync('{packages/*,examples/*,benchmarks,checks}/.test-results', { cwd: root }))
  rmSync(join(root, old), { recursive: true, force: true });

const run = spawnSync('turbo', ['run', 'test', '--continue=always', '--concurrency=2', '--output-logs=new-only', ...filters], {
  cwd: root,
  stdio: 'inherit',
  shell: process.platform === 'win32',
});

let passed = 0;
let failed = 0;
let skipped = 0;
for (const folder of globSync('{packages/*,examples/*,benchmarks,checks}', { cwd: root }).sort()) {
  const file = join(root, folder, '.test-results', 'summary.json');
  const manifest = join(root, folder, 'package.json');
  if (!existsSync(manifest)) continue;
  const { name, scripts } = JSON.parse(readFileSync(manifest, 'utf8'));
  if (scripts?.test === undefined) continue;
  if (!existsSync(file)) {
    if (filters.length === 0) {
      console.log(`${name}: left no result`);
      failed += 1;
    }
    continue;
  }
  const summary = JSON.parse(readFileSync(file, 'utf8'));
  passed += summary.passed;
  failed += summary.failed;
  skipped += summary.skipped.length;
  console.log(`${name}: ${summary.passed} passed, ${summary.failed} failed`);
  for (const test of summary.skipped) console.log(`  skipped: ${test.name} (${test.reason})`);
}
const forbidSkips = process.env.ES_FORBID_SKIPS === '1' && skipped > 0;
if (forbidSkips) {
  console.log('Skipped tests count as failed here (ES_FORBID_SKIPS=1).');
  failed += skipped;
}
if (run.status !== 0 && failed === 0) failed += 1;
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 && !forbidSkips ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);
