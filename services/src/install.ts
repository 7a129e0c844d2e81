import { join } from 'node:path';
import { ServiceUnavailable } from './errors.ts';
import { withLock } from './lock.ts';
import { folderOfPrograms } from './programs.ts';
import { runCommand } from './run.ts';
import type { Workplace } from './workplace.ts';

/** A program's package, as each package manager names it. */
export type PackageNames = Readonly<Record<'apt-get' | 'dnf' | 'apk' | 'brew', string>>;

/** What is to be installed, and what else would do. */
export interface Installation {
  /** Its name for people. */
  readonly title: string;
  /** Of the environment, by which people name one of their own. */
  readonly variable: string;
  readonly packages: PackageNames;
  /** Whether `compose.yaml` has it, too. */
  readonly inCompose?: boolean;
}

const byHand: Readonly<Record<keyof PackageNames, string>> = {
  'apt-get': 'sudo apt-get install',
  dnf: 'sudo dnf install',
  apk: 'sudo apk add',
  brew: 'brew install',
};

const managers: readonly (keyof PackageNames)[] = ['apt-get', 'dnf', 'apk', 'brew'];

/** What to do on this machine to have a server: the package managers that it has, a Docker engine, a server of one's own. */
const adviceFor = ({ title, variable, packages, inCompose = true }: Installation): string => {
  const here = managers.filter((manager) => folderOfPrograms([manager]) !== undefined);
  return [
    `${title} is not installed here${inCompose ? ', and no Docker engine with Compose 2 answers' : ''}. One of these helps:`,
    ...here.map((manager) => `  - install it:  ${byHand[manager]} ${packages[manager]}`),
    ...(here.length === 0 ? [`  - install ${title} so that its programs are on the PATH`] : []),
    ...(inCompose ? ['  - start a Docker engine: the images that compose.yaml names are used then'] : []),
    `  - name one of your own:  export ${variable}=…`,
  ].join('\n');
};

/**
 * Installs a program's package: as root on Debian and its kin through apt-get.
 *
 * @throws {@link ServiceUnavailable} with advice everywhere else; `ServiceFailed` with the end of apt-get's output if that fails.
 */
export const installPackages = async (workplace: Workplace, installation: Installation): Promise<void> => {
  if (process.geteuid?.() !== 0 || folderOfPrograms(['apt-get']) === undefined) throw new ServiceUnavailable(adviceFor(installation));
  const { title, packages } = installation;
  const apt = (...args: string[]): Promise<void> =>
    runCommand({
      command: 'apt-get',
      args: ['-o', 'DPkg::Lock::Timeout=300', ...args],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      log: join(workplace.folder, 'install.log'),
    });
  const install = (): Promise<void> => apt('install', '--yes', '--no-install-recommends', packages['apt-get']);
  await withLock(join(workplace.folder, 'install.lock'), async () => {
    workplace.say(`Installing ${title} (apt-get install ${packages['apt-get']}) …`);
    // A machine that never asked for the package lists, or long ago, finds nothing at first.
    await install().catch(async () => {
      await apt('update');
      await install();
    });
  });
};
