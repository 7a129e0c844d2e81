import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ServiceUnavailable } from './errors.ts';

/** An account of this machine. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const idOf = (flag: '-u' | '-g', name: string): number => {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  if (status !== 0) throw new ServiceUnavailable(`This machine has no account "${name}", which root has to become to run the server.`);
  return Number(stdout);
};

/** Whom to become to run a server that refuses to run as root; undefined for everyone else, who runs it as they are. */
export const accountFor = (name: string | undefined): Account | undefined =>
  name !== undefined && process.geteuid?.() === 0 ? { uid: idOf('-u', name), gid: idOf('-g', name) } : undefined;

const canPass = (folder: string, { uid, gid }: Account): boolean => {
  const { mode, uid: owner, gid: group } = statSync(folder);
  const execute = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  const parent = dirname(folder);
  return (mode & execute) !== 0 && (parent === folder || canPass(parent, { uid, gid }));
};

/** Where files go that the account can't have at `preferred`: always the same for the same `preferred`. */
export const substituteFor = (preferred: string): string =>
  join(tmpdir(), `es-services-${createHash('sha256').update(preferred).digest('hex').slice(0, 12)}`);

/** A folder for a server's files: `preferred`, unless the account can't get there, as in a checkout under `/root`; then its substitute. */
export const reachableFolder = (preferred: string, account: Account | undefined): string => {
  mkdirSync(preferred, { recursive: true });
  if (account === undefined || canPass(preferred, account)) return preferred;
  const folder = substituteFor(preferred);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const { uid } = lstatSync(folder);
  if (uid !== process.geteuid?.()) throw new ServiceUnavailable(`${folder} belongs to another account (${uid}). Remove it, or set TMPDIR.`);
  chmodSync(folder, 0o711);
  return folder;
};
