import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** Where something is kept that is fetched or built once for all checkouts of a user. Its name says its version. */
export const cached = (name: string): string => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'es-services', name);

/**
 * Keeps what `make` makes in an empty folder that it is given, whole or not at all; nothing is made if it is there.
 *
 * @param make - answers the path of the file or folder to keep, inside its folder.
 */
export const keepInCache = async (name: string, make: (draft: string) => Promise<string>): Promise<void> => {
  const kept = cached(name);
  if (existsSync(kept)) return;
  mkdirSync(dirname(kept), { recursive: true });
  const draft = mkdtempSync(`${kept}.`);
  try {
    renameSync(await make(draft), kept);
  } catch (failure) {
    // Another checkout, which made it at the same time, may have been faster.
    if (!existsSync(kept)) throw failure;
  } finally {
    rmSync(draft, { recursive: true });
  }
};
