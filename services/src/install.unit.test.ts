import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { temporaryWorkplace } from './greeter.fixture.ts';
import { type Installation, installPackages } from './install.ts';
import type { Workplace } from './workplace.ts';

const installation: Installation = {
  title: 'Greeter',
  variable: 'ES_GREETER_URL',
  packages: { 'apt-get': 'greeter', dnf: 'greeter-server', apk: 'greeter', brew: 'greeter@1' },
};

/** A machine whose PATH has these programs alone. */
const machine = (programs: Readonly<Record<string, string>>, uid: number): Workplace => {
  const workplace = temporaryWorkplace();
  const bin = join(workplace.folder, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  vi.stubEnv('PATH', bin);
  vi.spyOn(process, 'geteuid').mockReturnValue(uid);
  return workplace;
};

describe('installPackages', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('brings the package lists up to date if apt-get does not find the package at first', async () => {
    const workplace = machine(
      { 'apt-get': `echo "$@" >> "$0.calls"; case "$*" in *update) :> "$0.lists";; *) test -f "$0.lists";; esac` },
      0,
    );
    await installPackages(workplace, installation);
    const options = '-o DPkg::Lock::Timeout=300';
    expect(readFileSync(join(workplace.folder, 'bin/apt-get.calls'), 'utf8').split('\n')).toEqual([
      `${options} install --yes --no-install-recommends greeter`,
      `${options} update`,
      `${options} install --yes --no-install-recommends greeter`,
      '',
    ]);
  });

  it('shows what apt-get said if that does not help', async () => {
    const workplace = machine({ 'apt-get': 'echo "E: Unable to locate package greeter"; exit 100' }, 0);
    await expect(installPackages(workplace, installation)).rejects.toThrow(
      /apt-get .* ended with status 100\.\n.*\n(.*\n)*.*Unable to locate package greeter/,
    );
  });

  it.each([
    ['apt-get', 'sudo apt-get install greeter'],
    ['dnf', 'sudo dnf install greeter-server'],
    ['brew', 'brew install greeter@1'],
  ])('says what to do with %s for someone who is not root', async (manager, line) => {
    const workplace = machine({ [manager]: 'exit 1' }, 1000);
    const failure: unknown = await installPackages(workplace, installation).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      message: `Greeter is not installed here, and no Docker engine with Compose 2 answers. One of these helps:
  - install it:  ${line}
  - start a Docker engine: the images that compose.yaml names are used then
  - name one of your own:  export ES_GREETER_URL=…`,
    });
  });

  it('says so too on a machine without any package manager that it knows', async () => {
    const workplace = machine({}, 0);
    await expect(installPackages(workplace, installation)).rejects.toThrow('install Greeter so that its programs are on the PATH');
  });
});
