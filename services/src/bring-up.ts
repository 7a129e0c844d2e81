import { join } from 'node:path';
import { findCompose, startInDocker } from './docker.ts';
import { reasonOf, ServiceFailed } from './errors.ts';
import { instanceFor } from './instances.ts';
import { withLock } from './lock.ts';
import { startNative, untilReady } from './native.ts';
import { lives } from './processes.ts';
import type { Server, Service } from './service.ts';
import { type RunningState, readState, removeState, writeState } from './state.ts';
import { stopServer } from './stop.ts';
import { addUser, type User } from './users.ts';
import { eventually } from './wait.ts';
import type { Workplace } from './workplace.ts';

/** For whom a service is brought up. */
export type Wish =
  /** A person's: it stays until it is taken down. */
  | { readonly keep: true }
  /** Whoever uses it: it stays until that use and all others have been let go of, or have ended with their processes. */
  | { readonly user: User };

/** The file that whoever starts or stops a service holds. */
export const lockOf = (workplace: Workplace, { name }: Service): string => join(workplace.folder, `${name}.lock`);

const withoutPassword = (url: string): string => url.replace(/^(\w+:\/\/[^:/@]*):[^@]*@/, '$1:***@');

const checkEnvironment = async ({ name, variable, probe, isHopeless }: Service, url: string): Promise<Server> => {
  try {
    await eventually(() => probe(url), { timeoutMs: 30_000, isHopeless });
  } catch (failure) {
    const reason = reasonOf(failure);
    throw new ServiceFailed(
      `No ${name} answers at ${withoutPassword(url)}, which ${variable} names: ${reason}.\nStart it, or unset ${variable} to have one started here.`,
      { cause: failure },
    );
  }
  return { engine: 'environment', url };
};

const sameNeeds = (a: RunningState['needs'], b: RunningState['needs']): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What runs already, once it answers; undefined if it has ended, or was stopped because what stood behind it has moved. */
const findRunning = async (workplace: Workplace, service: Service, needs: RunningState['needs']): Promise<RunningState | undefined> => {
  const state = readState(workplace, service.name);
  if (state === undefined) return undefined;
  if (!sameNeeds(state.needs, needs)) await stopServer(workplace, service, state);
  else if (state.process === undefined) {
    if (
      await service.probe(state.url, state.identity).then(
        () => true,
        () => false,
      )
    )
      return state;
  } else if (lives(state.process)) {
    await untilReady(workplace, service, state, new Promise(() => undefined));
    return state;
  }
  removeState(workplace, service.name);
  return undefined;
};

const start = async (
  workplace: Workplace,
  service: Service,
  needs: Readonly<Record<string, Server>>,
): Promise<Omit<RunningState, 'keep'>> => {
  const urls = Object.fromEntries(Object.entries(needs).map(([name, { url }]) => [name, url]));
  // A container reaches what it needs in its own network, a native server through loopback.
  const compose = Object.values(needs).every(({ engine }) => engine === 'docker') ? findCompose() : undefined;
  workplace.say(`Starting ${service.name}${compose === undefined ? '' : ' in the Docker engine'} …`);
  return compose === undefined ? startNative(workplace, service, urls) : startInDocker(workplace, service, compose, urls);
};

/**
 * Sees to it that a service runs and answers: at the URL that the environment names, else in a Docker engine if one answers, else by
 * programs of this machine. What runs already is left as it is.
 *
 * @throws `ServiceUnavailable` if it can't be had on this machine; {@link ServiceFailed} if it should run, but does not.
 */
export const bringUp = async (workplace: Workplace, service: Service, wish: Wish): Promise<Server> => {
  const given = workplace.env[service.variable];
  if (given !== undefined && given !== '') return checkEnvironment(service, given);
  const needs: Record<string, Server> = {};
  for (const need of service.needs) needs[need.name] = await bringUp(workplace, need, wish);
  const urls = Object.fromEntries(Object.entries(needs).map(([name, { url }]) => [name, url]));
  const own = instanceFor(service, needs);
  return withLock(lockOf(workplace, own), async () => {
    // A person's wish outlives a server that has died or moved.
    const keep = 'keep' in wish || readState(workplace, own.name)?.keep === true;
    const state = (await findRunning(workplace, own, urls)) ?? (await start(workplace, own, needs));
    writeState(workplace, own.name, { ...state, keep });
    if ('user' in wish) addUser(workplace, own.name, wish.user);
    return { engine: state.engine, url: state.url };
  });
};
