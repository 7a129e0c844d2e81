// Everything that reads the code without running it. All steps run, so that one look shows all there is to mend.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @type {{ name: string, command: string[], folder?: string }[]} */
const steps = [
  { name: 'format and lint (biome)', command: ['biome', 'check', '--error-on-warnings', '.'] },
  { name: 'rules that need types (oxlint)', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'unused files, exports and dependencies (knip)', command: ['knip', '--no-progress'] },
  { name: 'boundaries (dependency-cruiser)', command: ['vitest', 'run', '--reporter=dot', 'src/boundaries'], folder: 'checks' },
];

const failed = steps.filter(({ name, command, folder = '.' }) => {
  console.log(`\n── ${name}`);
  const [program = '', ...args] = command;
  const result = spawnSync(program, args, { cwd: join(root, folder), stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.error) console.log(`Could not start ${program}: ${result.error.message}`);
  return result.status !== 0;
});

console.log(failed.length === 0 ? '\nLint passed.' : `\nLint failed: ${failed.map(({ name }) => name).join('; ')}`);
process.exit(failed.length === 0 ? 0 : 1);
