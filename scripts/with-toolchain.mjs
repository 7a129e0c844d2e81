// Runs a command with a Node and a pnpm that are good enough, and with the workspace installed.
//
//   node scripts/with-toolchain.mjs [--no-install] <command> [args…]
//
// Where the machine's own Node or pnpm is too old or missing, the one named in toolchain.json is brought from the npm
// registry into the git-ignored `.tools/`; nothing global is touched. `ES_TOOLCHAIN_NODE=22.18.0` asks for exactly that Node.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installWorkspace } from './install-workspace.mjs';
import { toolchainEnvironment } from './toolchain.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const fail = (/** @type {unknown} */ error) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
};

const args = process.argv.slice(2);
const skipInstall = args[0] === '--no-install';
const [command, ...rest] = skipInstall ? args.slice(1) : args;

try {
  if (command === undefined) throw new Error('Usage: node scripts/with-toolchain.mjs [--no-install] <command> [args…]');
  const env = toolchainEnvironment(root);
  if (!skipInstall) installWorkspace(root, env);

  const child = spawn(command, rest, { stdio: 'inherit', env, shell: process.platform === 'win32' });
  // Ctrl+C reaches the command through the terminal: waiting for it lets it finish its own way.
  process.on('SIGINT', () => undefined);
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGHUP'])) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Could not start ${command}: ${error.message}`));
  child.on('close', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
} catch (error) {
  fail(error);
}
