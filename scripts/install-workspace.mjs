// Installs the workspace from its lockfile when something has changed since the last time. Runs on Node 18, like toolchain.mjs.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const lockPollMilliseconds = 100;
const lockDeadlineMilliseconds = 10 * 60_000;

/**
 * The package.json of the root and of every workspace package.
 * @param {string} root
 */
const workspaceManifests = (root) => {
  const listed = /^packages:\s*\n((?:[ ]*-.*\n)+)/m.exec(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))?.[1] ?? '';
  const patterns = listed.split('\n').flatMap(
    (line) =>
      line
        .replace(/^[ ]*-\s*/, '')
        .replace(/['"]/g, '')
        .trim() || [],
  );
  const folders = patterns.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return pattern;
    const parent = pattern.slice(0, -2);
    return existsSync(join(root, parent)) ? readdirSync(join(root, parent)).map((name) => `${parent}/${name}`) : [];
  });
  return ['.', ...folders.sort()].map((folder) => join(root, folder, 'package.json')).filter((file) => existsSync(file));
};

/**
 * Stands for everything that decides what an installed workspace looks like.
 * @param {string} root
 */
const installStamp = (root) => {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of [join(root, 'pnpm-lock.yaml'), join(root, 'pnpm-workspace.yaml'), ...workspaceManifests(root)])
    hash.update(`\n${file.slice(root.length)}\n`).update(readFileSync(file));
  return hash.digest('hex');
};

/** @param {number} pid */
const isRunning = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
};

/**
 * Whether the lock is now ours. A lock whose owner has died is taken away, for the next try.
 * @param {string} lock
 */
const tryLock = (lock) => {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  // An empty lock is one that its owner is about to write.
  const owner = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0;
  if (owner > 0 && !isRunning(owner)) rmSync(lock, { force: true });
  return false;
};

/**
 * Runs `work` while no other process does so in this clone.
 * @param {string} root
 * @param {() => void} work
 */
const alone = (root, work) => {
  const lock = join(root, '.tools', 'install.lock');
  mkdirSync(dirname(lock), { recursive: true });
  const deadline = Date.now() + lockDeadlineMilliseconds;
  while (!tryLock(lock)) {
    if (Date.now() > deadline)
      throw new Error(`Another process has been installing the workspace for ten minutes. If none is, delete ${lock}.`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, lockPollMilliseconds);
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
};

/**
 * Installs from the lockfile, quietly, unless nothing has changed since the last time.
 * @param {string} root the repository's folder
 * @param {NodeJS.ProcessEnv} env an environment whose path leads to the right Node and pnpm
 * @throws {Error} with pnpm's whole output when the installation fails
 */
export const installWorkspace = (root, env) => {
  const stampFile = join(root, 'node_modules', '.es-installed');
  const stamp = installStamp(root);
  const isInstalled = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
  if (isInstalled()) return;
  alone(root, () => {
    if (isInstalled()) return;
    process.stderr.write('Installing the workspace from its lockfile …\n');
    const result = spawnSync('pnpm', ['install', '--frozen-lockfile'], {
      cwd: root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
      env: { ...env, CI: 'true' },
    });
    if (result.status !== 0)
      throw new Error(
        `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\npnpm install failed; its output is above.`,
      );
    writeFileSync(stampFile, stamp);
  });
};
