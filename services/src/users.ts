import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceFailed } from './errors.ts';
import { lives, markOf } from './processes.ts';
import type { Workplace } from './workplace.ts';

/** Stands for every service: its users keep running whatever tests have started. */
export const everyService = '_every';

const usersFolder = (workplace: Workplace, service: string): string => join(workplace.folder, 'users', service);

/** Notes that a process uses a service. The note is void when the process has ended, however it did. */
export const addUser = (workplace: Workplace, service: string, pid: number): void => {
  const mark = markOf(pid);
  if (mark === undefined) throw new ServiceFailed(`Process ${pid} can't use ${service}: it does not live.`);
  const folder = usersFolder(workplace, service);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, String(pid)), mark.started);
};

export const removeUser = (workplace: Workplace, service: string, pid: number): void =>
  rmSync(join(usersFolder(workplace, service), String(pid)), { force: true });

/** The living processes that use a service. */
export const usersOf = (workplace: Workplace, service: string): readonly number[] =>
  [service, everyService].flatMap((name) => {
    const folder = usersFolder(workplace, name);
    mkdirSync(folder, { recursive: true });
    const marks = readdirSync(folder).map((pid) => ({ pid: Number(pid), started: readFileSync(join(folder, pid), 'utf8') }));
    for (const mark of marks) if (!lives(mark)) removeUser(workplace, name, mark.pid);
    return marks.filter(lives).map(({ pid }) => pid);
  });
