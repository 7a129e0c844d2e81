import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { atLeast, bringPackage, chooseNode } from '../../scripts/toolchain.mjs';
import type { Outcome } from './run.ts';
import { temporaryFolder } from './temporary-folder.fixture.ts';
import { repositoryRoot } from './workspace.ts';

const scripts = ['with-toolchain.mjs', 'toolchain.mjs', 'install-workspace.mjs', 'toolchain.json'];

/** A clone in small: our bootstrap, and a workspace of one package without dependencies. */
const smallClone = (): string => {
  const root = join(temporaryFolder(), 'my clone');
  mkdirSync(join(root, 'scripts'), { recursive: true });
  mkdirSync(join(root, 'packages', 'a'), { recursive: true });
  for (const file of scripts) copyFileSync(join(repositoryRoot, 'scripts', file), join(root, 'scripts', file));
  const lock = [`lockfileVersion: '9.0'`, '', 'importers:', '', '  .: {}', '', '  packages/a: {}', ''].join('\n');
  writeFileSync(join(root, 'pnpm-lock.yaml'), lock);
  writeFileSync(join(root, 'pnpm-workspace.yaml'), 'packages:\n  - packages/*\n\npmOnFail: ignore\n');
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'root', private: true }));
  writeFileSync(join(root, 'packages/a/package.json'), JSON.stringify({ name: 'a', version: '1.0.0' }));
  return root;
};

/** Runs `with-toolchain.mjs` of that clone. The variables of this run of the tests stay outside. */
const withToolchain = async (root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, cwd: string = root): Promise<Outcome> => {
  const { ES_TOOLCHAIN_NODE: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [join(root, 'scripts', 'with-toolchain.mjs'), ...args], { cwd, env: { ...inherited, ...env } });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { status, stdout: stdout.trim(), stderr: stderr.trim() };
};

const pathWithout = (program: string): string =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !existsSync(join(folder, program)))
    .join(delimiter);

test.for([
  ['v22.18.0', '22.18.0', true],
  ['22.18.1', '22.18.0', true],
  ['v24.0.0', '22.18.0', true],
  ['v22.9.9', '22.18.0', false],
  ['v20.20.2', '22.18.0', false],
  ['v25.0.0-nightly20250101', '24.9.9', true],
] as const)('Node %s against a minimum of %s: %s', ([version, minimum, enough]) => {
  expect(atLeast(version, minimum)).toBe(enough);
});

describe('with-toolchain', () => {
  test('installs the workspace once, and runs the command where it was called', async () => {
    const root = smallClone();
    const folder = join(root, 'packages', 'a');
    const print = ['node', '-p', 'process.cwd()'];
    const first = await withToolchain(root, print, { INIT_CWD: dirname(root) }, folder);
    expect(first).toEqual({ status: 0, stdout: realpathSync(folder), stderr: 'Installing the workspace from its lockfile …' });
    expect(await withToolchain(root, print, {}, root)).toEqual({ status: 0, stdout: realpathSync(root), stderr: '' });
  });

  test('uses the Node that runs it when that is good enough, and tells turbo which', async () => {
    const script = 'console.log(process.execPath, process.env.ES_NODE_VERSION)';
    const outcome = await withToolchain(smallClone(), ['--no-install', 'node', '-e', script]);
    expect(outcome.stdout).toBe(`${process.execPath} ${process.version.slice(1)}`);
  });

  test('two first runs at once install once, and both run', async () => {
    const root = smallClone();
    const both = await Promise.all([withToolchain(root, ['node', '-p', '1']), withToolchain(root, ['node', '-p', '2'])]);
    expect(both.map(({ status, stdout }) => [status, stdout])).toEqual([
      [0, '1'],
      [0, '2'],
    ]);
    expect(both.map(({ stderr }) => stderr).sort()).toEqual(['', 'Installing the workspace from its lockfile …']);
    expect(existsSync(join(root, '.tools', 'install.lock'))).toBe(false);
  });

  test('takes over the lock of a process that died while it installed', async () => {
    const root = smallClone();
    const dead = spawn(process.execPath, ['--version']);
    await once(dead, 'close');
    mkdirSync(join(root, '.tools'));
    writeFileSync(join(root, '.tools', 'install.lock'), String(dead.pid));
    expect(await withToolchain(root, ['node', '-p', '1'])).toMatchObject({ status: 0, stdout: '1' });
  });

  test('notices a changed package.json of any package, and shows why the lockfile refuses it', async () => {
    const root = smallClone();
    await withToolchain(root, ['node', '-v']);
    writeFileSync(join(root, 'packages/a/package.json'), JSON.stringify({ name: 'a', version: '1.0.0', dependencies: { zod: '^4.0.0' } }));
    const outcome = await withToolchain(root, ['node', '-p', '1']);
    expect(outcome).toMatchObject({ status: 1, stdout: '' });
    expect(outcome.stderr).toMatch(/frozen-lockfile[\s\S]*pnpm install failed; its output is above\.$/);
  });

  test('ends as its command ends', async () => {
    const root = smallClone();
    expect((await withToolchain(root, ['--no-install', 'node', '-e', 'process.exit(7)'])).status).toBe(7);
    expect((await withToolchain(root, ['--no-install', 'node', '-e', 'process.kill(process.pid, "SIGKILL")'])).status).toBe(128 + 9);
    const missing = await withToolchain(root, ['--no-install', 'no-such-command']);
    expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining('Could not start no-such-command') });
    expect(await withToolchain(root, [])).toMatchObject({ status: 1, stderr: expect.stringMatching(/^Usage: /) });
  });

  test('hands a request to end on to its command, and waits for it', async () => {
    const script = `process.once('SIGTERM', () => { console.log('tidied up'); process.exit(5); }); setInterval(() => {}, 1000); console.log('ready');`;
    const root = smallClone();
    const child = spawn(process.execPath, [join(root, 'scripts', 'with-toolchain.mjs'), '--no-install', 'node', '-e', script]);
    const ended = once(child, 'close') as Promise<[number | null]>;
    let printed = '';
    for await (const chunk of child.stdout) {
      printed += String(chunk);
      if (printed === 'ready\n') child.kill('SIGTERM');
    }
    expect([printed, (await ended)[0]]).toEqual(['ready\ntidied up\n', 5]);
  });

  test('brings pnpm where none is on the path', async () => {
    const root = smallClone();
    const { pnpm } = JSON.parse(readFileSync(join(root, 'scripts', 'toolchain.json'), 'utf8')) as { pnpm: { version: string } };
    const outcome = await withToolchain(root, ['pnpm', '--version'], { PATH: pathWithout('pnpm') });
    expect(outcome).toMatchObject({ status: 0, stdout: pnpm.version });
    expect(readdirSync(join(root, '.tools'))).toHaveLength(1);
  });
});

describe('bringPackage', () => {
  test('leaves one whole copy when two processes bring the same package at once', async () => {
    const root = smallClone();
    const module = JSON.stringify(join(root, 'scripts', 'toolchain.mjs'));
    const script = `import(${module}).then(({ bringPackage }) => console.log(bringPackage(${JSON.stringify(root)}, '@standard-schema/spec', '1.0.0')))`;
    const both = await Promise.all([1, 2].map(() => withToolchain(root, ['--no-install', 'node', '-e', script])));
    const folder = join(root, '.tools', '_standard-schema_spec-1.0.0', 'node_modules', '@standard-schema', 'spec');
    expect(both.map(({ stdout }) => stdout)).toEqual([folder, folder]);
    expect(readdirSync(join(root, '.tools'))).toEqual(['_standard-schema_spec-1.0.0']);
    expect(existsSync(join(folder, 'package.json'))).toBe(true);
  });

  test('says what to do when the package can not be had, and leaves nothing behind', () => {
    const root = smallClone();
    expect(() => bringPackage(root, '@standard-schema/spec', '0.0.0-none')).toThrow(
      /Could not bring @standard-schema\/spec 0\.0\.0-none.*Check the network/,
    );
    expect(readdirSync(join(root, '.tools'))).toEqual([]);
  });
});

test('ES_TOOLCHAIN_NODE asks for exactly one version', () => {
  const own = process.version.slice(1);
  expect(chooseNode(repositoryRoot, own)).toEqual({ version: own, bin: dirname(process.execPath) });
  expect(() => chooseNode(smallClone(), '0.0.1')).toThrow('Could not bring node-');
});
