import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cached } from './cache.ts';
import { temporaryWorkplace } from './greeter.fixture.ts';
import { findUnpacked, type UnpackedPackage, unpackPackage } from './unpacked-packages.ts';
import type { Workplace } from './workplace.ts';

const greeter: UnpackedPackage = {
  title: 'Greeter 2',
  release: 'tomorrow',
  name: 'greeter',
  folder: 'greeter-2',
  settle: (draft, place) => writeFileSync(join(draft, 'place'), place),
};

/** Answers with a mirror when it is asked for one, and notes what else it is called for. */
const apt = `case "$*" in
indextargets*) cat "\${0%/*}/mirrors" 2>/dev/null; exit 0;;
update) echo http://mirror/debian/ > "\${0%/*}/mirrors"; exit 0;;
esac
for option; do case "$option" in
Dir::Etc::sourcelist=*) cp "\${option#*=}" "\${0%/*}/sources";;
Dir::Cache=*) cache="\${option#*=}";;
esac; done
case "$*" in
*update) echo "E: no such release"; test ! -e "\${0%/*}/broken";;
*greeter) : > "$cache/archives/greeter_2_all.deb";;
esac`;
const dpkg = 'mkdir "$3" && cp "$2" "$3/greeter"';

describe('unpackPackage', () => {
  let workplace: Workplace;
  let bin: string;
  const machine = (programs: Readonly<Record<string, string>>, uid = 1000): void => {
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(bin, name), 0o755);
    }
    vi.spyOn(process, 'geteuid').mockReturnValue(uid);
  };
  beforeEach(() => {
    workplace = temporaryWorkplace();
    bin = join(workplace.folder, 'bin');
    mkdirSync(bin);
    const tools = ['cat', 'cp', 'mkdir'].map((tool) => [tool, `exec /bin/${tool} "$@"`]);
    machine(Object.fromEntries(tools));
    vi.stubEnv('PATH', bin);
    vi.stubEnv('XDG_CACHE_HOME', join(workplace.folder, 'cache'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it('takes the package from the machine’s own mirror, and keeps what was in it, told where it will be', async () => {
    machine({ 'apt-get': apt, 'dpkg-deb': dpkg });
    writeFileSync(join(bin, 'mirrors'), 'http://first/debian/\nhttp://second/debian/\n');
    expect(findUnpacked(greeter)).toBeUndefined();
    await unpackPackage(workplace, greeter);
    const folder = cached('greeter-2');
    expect([findUnpacked(greeter), existsSync(join(folder, 'greeter'))]).toEqual([folder, true]);
    expect(readFileSync(join(folder, 'place'), 'utf8')).toBe(folder);
    expect(readFileSync(join(bin, 'sources'), 'utf8')).toMatch(/^deb (\[.*\] )?http:\/\/first\/debian\/ tomorrow main$/m);
  });

  it('asks for the machine’s lists first where it never did, if it may', async () => {
    machine({ 'apt-get': apt, 'dpkg-deb': dpkg }, 0);
    await unpackPackage(workplace, greeter);
    expect(readFileSync(join(bin, 'sources'), 'utf8')).toMatch(/^deb (\[.*\] )?http:\/\/mirror\/debian\/ tomorrow main$/m);
  });

  it.each([
    ['it has no mirror of Debian', { 'apt-get': apt, 'dpkg-deb': dpkg }, [], /apt has no mirror of Debian here.*\n?.*sudo apt-get update/],
    [
      'its mirror does not have the release',
      { 'apt-get': apt, 'dpkg-deb': dpkg },
      ['mirrors', 'broken'],
      /lists of tomorrow(.|\n)*no such release/,
    ],
    ['it is not of Debian’s kin', {}, [], /needs apt-get and dpkg-deb/],
  ] as const)('says that a machine can’t have it: %s', async (_, programs, marks, message) => {
    machine(programs);
    for (const mark of marks) writeFileSync(join(bin, mark), 'http://mirror/debian/\n');
    const failure: unknown = await unpackPackage(workplace, greeter).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SERVICE_UNAVAILABLE', message: expect.stringMatching(message) });
    expect(findUnpacked(greeter)).toBeUndefined();
  });
});
