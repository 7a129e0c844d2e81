import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceFailed } from './errors.ts';
import { lives, markOf } from './processes.ts';
import type { Workplace } from './workplace.ts';

/** Stands for every service: its users keep running whatever tests have started. */
export const everyService = '_every';

/** One use of services by a process, which may have several: each is let go of by itself. */
export interface User {
  readonly pid: number;
  readonly use: string;
}

/** A new use of services by this process, or by another one. */
export const newUser = (pid: number = process.pid): User => ({ pid, use: randomUUID() });

const folderOfUsers = (workplace: Workplace, service: string): string => join(workplace.folder, 'users', service);

const noteOf = (workplace: Workplace, service: string, { pid, use }: User): string =>
  join(folderOfUsers(workplace, service), `${pid}.${use}`);

/** Notes that a service is used. The note is void when the process has ended, however it did. */
export const addUser = (workplace: Workplace, service: string, user: User): void => {
  const mark = markOf(user.pid);
  if (mark === undefined) throw new ServiceFailed(`Process ${user.pid} can't use ${service}: it does not live.`);
  mkdirSync(folderOfUsers(workplace, service), { recursive: true });
  writeFileSync(noteOf(workplace, service, user), mark.started);
};

export const removeUser = (workplace: Workplace, service: string, user: User): void =>
  rmSync(noteOf(workplace, service, user), { force: true });

const livingUsersOf = (workplace: Workplace, service: string): readonly number[] => {
  const folder = folderOfUsers(workplace, service);
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder).flatMap((note) => {
    const pid = Number.parseInt(note, 10);
    if (lives({ pid, started: readFileSync(join(folder, note), 'utf8') })) return [pid];
    rmSync(join(folder, note), { force: true });
    return [];
  });
};

/** The living processes that use a service. */
export const usersOf = (workplace: Workplace, service: string): readonly number[] => [
  ...new Set([service, everyService].flatMap((name) => livingUsersOf(workplace, name))),
];
