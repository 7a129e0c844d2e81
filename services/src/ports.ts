import { once } from 'node:events';
import { createServer } from 'node:net';
import { reasonOf, ServiceFailed } from './errors.ts';

/** Whether nothing listens on this loopback port. */
const isFree = async (port: number): Promise<boolean> => {
  const server = createServer();
  const listening = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen({ host: '127.0.0.1', port, exclusive: true });
  const free = await listening;
  if (free) await new Promise((closed) => server.close(closed));
  return free;
};

/** @throws {@link ServiceFailed}, with which {@link onFreePort} goes on to its next one, if something listens on this other port. */
export const requireFree = async (port: number): Promise<void> => {
  if (!(await isFree(port))) throw new ServiceFailed(`Port ${port} of 127.0.0.1: address already in use.`);
};

const usualTries = 50;

/** Which ports come into question. */
export interface PortChoice {
  /** The port that is tried first. */
  readonly first: number;
  /** How many are tried; default 50. */
  readonly tries?: number;
  /** Asked before a free port is used; default: any may be. */
  readonly claim?: (port: number) => boolean;
  /** Gives back what was claimed and could not be used. */
  readonly release?: (port: number) => void;
}

const isTaken = /address already in use|eaddrinuse|port is already allocated/i;

/**
 * Starts something on the first free loopback port from `first` upwards. A port can be taken between the look and its use: if `start`
 * failed and says so, or someone else has the port by then, the next one is tried.
 *
 * @throws what `start` threw; {@link ServiceFailed} if all of them are taken.
 */
export const onFreePort = async <T>(
  { first, tries = usualTries, claim = () => true, release = () => undefined }: PortChoice,
  start: (port: number) => Promise<T>,
): Promise<T> => {
  for (let port = first; port < first + tries; port += 1) {
    if (!(await isFree(port)) || !claim(port)) continue;
    try {
      return await start(port);
    } catch (failure) {
      release(port);
      if (!isTaken.test(reasonOf(failure)) && (await isFree(port))) throw failure;
    }
  }
  throw new ServiceFailed(`No usable port between ${first} and ${first + tries - 1} on 127.0.0.1.`);
};
