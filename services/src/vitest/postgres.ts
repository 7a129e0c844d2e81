import type { TestProject } from 'vitest/node';
import { dropDatabases } from '../databases.ts';
import { leaseService, type Offer } from '../lease.ts';
import { postgres } from '../postgres.ts';
import { markOf } from '../processes.ts';
import { workplaceOf } from '../workplace.ts';
import { runOf } from './databases.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: Offer;
    /** The process id of the test run. */
    run: number;
  }
}

const isDead = (run: number | undefined): boolean => run !== undefined && markOf(run) === undefined;

/** A vitest global set-up: PostgreSQL is there before a package's tests, and goes afterwards unless someone else wants it. */
const setUp = async (project: TestProject): Promise<() => Promise<void>> => {
  const { offer, end } = await leaseService(workplaceOf(process.env), postgres);
  project.provide('postgres', offer);
  project.provide('run', process.pid);
  if ('unavailable' in offer) return end;
  // On a server of the user's own, a run of another machine might only look dead.
  if (offer.engine !== 'environment') await dropDatabases(offer.url, (name) => isDead(runOf(name)));
  return async () => {
    await dropDatabases(offer.url, (name) => runOf(name) === process.pid);
    await end();
  };
};

export default setUp;
