import { rmSync } from 'node:fs';
import { substituteFor } from './account.ts';
import { lockOf } from './bring-up.ts';
import { services } from './catalogue.ts';
import { deleteVolume } from './docker.ts';
import { instancesOf } from './instances.ts';
import { withLock } from './lock.ts';
import { lives } from './processes.ts';
import type { Service } from './service.ts';
import { folderOf, readState, removeState } from './state.ts';
import { stopServer } from './stop.ts';
import { everyService, removeUser, type User, usersOf } from './users.ts';
import type { Workplace } from './workplace.ts';

/** What taking a service down came to. */
export interface TakenDown {
  readonly service: string;
  /** Whether one ran that had been started from here. */
  readonly stopped: boolean;
  /** Processes that had said that they use it. */
  readonly users: readonly number[];
}

const deleteDataOf = async (workplace: Workplace, service: Service): Promise<void> => {
  await deleteVolume(workplace, service);
  const folder = folderOf(workplace, service.name);
  for (const own of [folder, substituteFor(folder)]) rmSync(own, { recursive: true, force: true });
};

const stopInstance = (workplace: Workplace, service: Service, deleteData: boolean): Promise<TakenDown> =>
  withLock(lockOf(workplace, service), async () => {
    const state = readState(workplace, service.name);
    const users = usersOf(workplace, service.name);
    const stopped = state !== undefined && (state.process === undefined || lives(state.process));
    if (stopped) await stopServer(workplace, service, state);
    else removeState(workplace, service.name);
    if (deleteData) await deleteDataOf(workplace, service);
    return { service: service.name, stopped, users };
  });

/**
 * Stops a service that was started from here, after those that stand before it, whoever uses it. A server of the user's own is left alone.
 *
 * @param deleteData - whether its data and logs are to go, too.
 */
export const takeDown = async (workplace: Workplace, service: Service, deleteData = false): Promise<readonly TakenDown[]> => {
  const down: TakenDown[] = [];
  for (const other of services) if (other.needs.includes(service)) down.push(await stopInstance(workplace, other, false));
  for (const instance of instancesOf(workplace, service)) down.push(await stopInstance(workplace, instance, deleteData));
  return down;
};

const stopIfUnused = async (workplace: Workplace, service: Service): Promise<void> => {
  await withLock(lockOf(workplace, service), async () => {
    const state = readState(workplace, service.name);
    if (state !== undefined && !state.keep && usersOf(workplace, service.name).length === 0) await stopServer(workplace, service, state);
  });
};

/** Someone has done with a service: it is stopped, unless a person asked for it or someone else uses it. Then the same for its needs. */
export const release = async (workplace: Workplace, service: Service, user: User): Promise<void> => {
  for (const instance of instancesOf(workplace, service)) {
    removeUser(workplace, instance.name, user);
    await stopIfUnused(workplace, instance);
  }
  for (const need of service.needs) await release(workplace, need, user);
};

/** {@link release} of every service, for someone who used them all. */
export const releaseEvery = async (workplace: Workplace, user: User, all: readonly Service[] = services): Promise<void> => {
  removeUser(workplace, everyService, user);
  for (const service of all.toReversed()) for (const instance of instancesOf(workplace, service)) await stopIfUnused(workplace, instance);
};
