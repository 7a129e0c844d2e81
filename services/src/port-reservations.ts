import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { lives, markOf, type ProcessMark } from './processes.ts';

const folder = join(tmpdir(), `es-ports-${userInfo().uid}`);
const fileOf = (port: number): string => join(folder, String(port));

const holderOf = (port: number): ProcessMark | undefined => {
  try {
    return JSON.parse(readFileSync(fileOf(port), 'utf8'));
  } catch {
    // Gone meanwhile, or still being written by someone who is quicker.
    return undefined;
  }
};

/**
 * Reserves a port for a server of this process that will be stopped and started again: whoever asks here leaves it alone meanwhile. The
 * reservation of a process that has ended counts no more.
 *
 * @returns whether it is reserved now; if not, another server has it.
 */
export const reservePort = (port: number): boolean => {
  mkdirSync(folder, { recursive: true });
  const holder = holderOf(port);
  if (holder !== undefined && !lives(holder)) releasePort(port);
  try {
    writeFileSync(fileOf(port), JSON.stringify(markOf(process.pid)), { flag: 'wx' });
    return true;
  } catch {
    return false;
  }
};

/** Lets others have the port. */
export const releasePort = (port: number): void => rmSync(fileOf(port), { force: true });
