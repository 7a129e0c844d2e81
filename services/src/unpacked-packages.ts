import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cached, keepInCache } from './cache.ts';
import { reasonOf, ServiceUnavailable } from './errors.ts';
import { withLock } from './lock.ts';
import { folderOfPrograms } from './programs.ts';
import { runCommand } from './run.ts';
import type { Workplace } from './workplace.ts';

/** A package of another release of Debian than this machine's, unpacked beside what is installed here, with all that it needs. */
export interface UnpackedPackage {
  /** The program's name for people. */
  readonly title: string;
  /** The release, by its code name. */
  readonly release: string;
  readonly name: string;
  /** The name of its folder in the cache. */
  readonly folder: string;
  /** Makes what was unpacked fit to run where it is: at `place`, although it is in `draft` for the moment. */
  readonly settle: (draft: string, place: string) => void;
}

/** Where Debian has the keys of its releases. Elsewhere it is trusted whom apt trusts for everything. */
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The folder that holds what would be in `/`; undefined until it was unpacked. */
export const findUnpacked = ({ folder }: UnpackedPackage): string | undefined => (existsSync(cached(folder)) ? cached(folder) : undefined);

/** What apt works with instead of the machine's own lists and packages: everything counts as missing, and nothing is changed. */
const aptOptions = (folder: string): readonly string[] => {
  const paths = {
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
  };
  const settings = {
    'APT::Default-Release': '',
    'APT::Install-Recommends': 'false',
    // Lists that can't be had are an error, not a warning.
    'APT::Update::Error-Mode': 'any',
    // The folder is open to this user alone.
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
  };
  return Object.entries({ ...paths, ...settings }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
};

/** Where this machine has its Debian packages from; undefined before it has ever asked for their lists. */
const mirrorOf = async (log: string): Promise<string | undefined> => {
  await runCommand({
    command: 'apt-get',
    args: ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', 'Origin: Debian', 'Label: Debian'],
    log,
  });
  return readFileSync(log, 'utf8')
    .split('\n')
    .find((line) => line !== '');
};

const findMirror = async ({ title, release }: UnpackedPackage, folder: string, log: string): Promise<string> => {
  const mirror =
    (await mirrorOf(join(folder, 'mirrors'))) ??
    (process.geteuid?.() === 0
      ? await runCommand({ command: 'apt-get', args: ['update'], log }).then(() => mirrorOf(join(folder, 'mirrors-updated')))
      : undefined);
  if (mirror !== undefined) return mirror;
  throw new ServiceUnavailable(
    `${title} is taken from Debian's ${release}, and apt has no mirror of Debian here. On Debian without package lists, run: sudo apt-get update`,
  );
};

const download = async (workplace: Workplace, wanted: UnpackedPackage, folder: string): Promise<readonly string[]> => {
  const { title, release, name } = wanted;
  const log = join(workplace.folder, 'install.log');
  for (const path of ['state/lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, path), { recursive: true });
  const mirror = await findMirror(wanted, folder, log);
  workplace.say(`Fetching ${title} from Debian's ${release} …`);
  writeFileSync(join(folder, 'status'), '');
  const trust = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
  writeFileSync(join(folder, 'sources.list'), `deb ${trust}${mirror} ${release} main\n`);
  const apt = (...args: readonly string[]): Promise<void> =>
    runCommand({ command: 'apt-get', args: [...aptOptions(folder), '--quiet', ...args], log });
  await apt('update').catch((failure: unknown) => {
    throw new ServiceUnavailable(
      `This machine's mirror of Debian does not give the lists of ${release}, where ${title} is: ${reasonOf(failure)}`,
    );
  });
  await apt('install', '--download-only', '--yes', name);
  return globSync(join(folder, 'cache/archives/*.deb'));
};

/**
 * Fetches a package and all that it needs, and unpacks them, once for all checkouts of a user. No rights are needed, and what this machine has
 * installed is not touched.
 *
 * @throws {@link ServiceUnavailable} on a machine without a mirror of Debian that has the release; `ServiceFailed` if something can't be fetched.
 */
export const unpackPackage = async (workplace: Workplace, wanted: UnpackedPackage): Promise<void> => {
  if (folderOfPrograms(['apt-get', 'dpkg-deb']) === undefined)
    throw new ServiceUnavailable(`${wanted.title} is taken from Debian's ${wanted.release}, which needs apt-get and dpkg-deb.`);
  const log = join(workplace.folder, 'install.log');
  const unpack = async (draft: string): Promise<string> => {
    const fetched = join(draft, 'fetched');
    const unpacked = join(draft, 'unpacked');
    const files = await download(workplace, wanted, fetched);
    for (const file of files) await runCommand({ command: 'dpkg-deb', args: ['--extract', file, unpacked], log });
    rmSync(fetched, { recursive: true });
    wanted.settle(unpacked, cached(wanted.folder));
    return unpacked;
  };
  // Whoever else wants it waits here, and finds it then.
  await withLock(join(workplace.folder, 'install.lock'), () => keepInCache(wanted.folder, unpack));
};
