import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

const versionIn = (folder: string): number => Number(/\d+/.exec(folder)?.[0] ?? 0);

/**
 * The folder that has all of these programs: the newest version of those that the patterns match, else one on the `PATH`. Packages
 * of several versions at once keep them off the `PATH`.
 */
export const folderOfPrograms = (names: readonly string[], patterns: readonly string[] = []): string | undefined =>
  [...globSync([...patterns]).sort((a, b) => versionIn(b) - versionIn(a)), ...(process.env['PATH'] ?? '').split(delimiter)].find((folder) =>
    names.every((name) => isProgram(join(folder, name))),
  );
