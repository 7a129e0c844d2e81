import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ServiceFailed } from './errors.ts';
import { lives, markOf, type ProcessMark } from './processes.ts';
import { eventually } from './wait.ts';

interface Holder extends ProcessMark {
  readonly token: string;
}

const isErrno = (error: unknown, code: string): boolean => error instanceof Error && 'code' in error && error.code === code;

const readHolder = (path: string): Holder | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
};

/** Makes `path`, whole with its content at once, unless it is there already. */
const claim = (path: string, content: string): boolean => {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft);
  }
};

/**
 * Runs `action` while no other process runs one under the lock file `path`. A lock whose holder has died is taken over.
 *
 * @throws {@link ServiceFailed} if the lock is not free within `timeoutMs`.
 */
export const withLock = async <T>(path: string, action: () => Promise<T>, timeoutMs = 600_000): Promise<T> => {
  const mark = markOf(process.pid);
  if (mark === undefined) throw new ServiceFailed('The operating system does not tell when this process was started.');
  mkdirSync(dirname(path), { recursive: true });
  const self = JSON.stringify({ ...mark, token: randomUUID() });
  await eventually(
    async () => {
      if (claim(path, self)) return;
      const holder = readHolder(path);
      // Of all who see a dead holder, the one who makes its tombstone may remove its lock: were it enough to look first, the slower
      // of two would remove the lock that the faster one has just taken.
      if (holder !== undefined && !lives(holder) && claim(`${path}.${holder.token}.dead`, self)) rmSync(path);
      throw new ServiceFailed(
        `${path} is held by process ${holder?.pid}. If that process has nothing to do with this repository, remove the file.`,
      );
    },
    { timeoutMs },
  );
  try {
    return await action();
  } finally {
    rmSync(path);
  }
};
