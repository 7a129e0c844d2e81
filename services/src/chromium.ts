import { join } from 'node:path';
import { installPackages } from './install.ts';
import { folderOfPrograms } from './programs.ts';
import type { Workplace } from './workplace.ts';

const variable = 'ES_CHROMIUM';
const names = ['chromium', 'chromium-browser', 'google-chrome'];
const macFolders = ['Chromium', 'Google Chrome'].map((name) => [name, `/Applications/${name}.app/Contents/MacOS`] as const);

const findChromium = (): string | undefined => {
  for (const [name, folder] of [...names.map((name) => [name] as const), ...macFolders]) {
    const found = folderOfPrograms([name], folder === undefined ? [] : [folder]);
    if (found !== undefined) return join(found, name);
  }
  return undefined;
};

/**
 * A Chromium, or a Chrome, to look at pages with: the one that `ES_CHROMIUM` names, else one of this machine, which is installed first where that
 * is possible.
 *
 * @throws `ServiceUnavailable` with advice where there is none and this process is not root on Debian or its kin.
 */
export const chromiumOf = async (workplace: Workplace): Promise<string> => {
  const given = workplace.env[variable];
  if (given !== undefined && given !== '') return given;
  if (findChromium() === undefined) {
    const packages = { 'apt-get': 'chromium', dnf: 'chromium', apk: 'chromium', brew: 'chromium' };
    await installPackages(workplace, { title: 'Chromium', variable, packages, inCompose: false });
  }
  return findChromium() ?? 'chromium';
};
