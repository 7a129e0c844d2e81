import type { TestProject } from 'vitest/node';
import { leaseService, type Offer } from '../lease.ts';
import { markOf } from '../processes.ts';
import type { Service } from '../service.ts';
import { workplaceOf } from '../workplace.ts';
import { runOf } from './names.ts';

/** How tests use a service. */
export interface TestService {
  readonly service: Service;
  /** Tells the tests where it is. */
  readonly provide: (project: TestProject, offer: Offer) => void;
  /** Deletes from the server at `url` what has one of the names meant. */
  readonly tidy: (url: string, isMeant: (name: string) => boolean) => Promise<void>;
}

const isDead = (run: number | undefined): boolean => run !== undefined && markOf(run) === undefined;

/**
 * A vitest global set-up: the service is there before a package's tests, and goes afterwards unless someone else wants it. What these
 * tests, and others that ended badly, have left on it is deleted.
 */
export const setUpFor =
  ({ service, provide, tidy }: TestService) =>
  async (project: TestProject): Promise<() => Promise<void>> => {
    const { offer, end } = await leaseService(workplaceOf(process.env), service);
    provide(project, offer);
    project.provide('run', process.pid);
    if ('unavailable' in offer) return end;
    // On a server of the user's own, a run of another machine might only look dead.
    if (offer.engine !== 'environment') await tidy(offer.url, (name) => isDead(runOf(name)));
    return async () => {
      await tidy(offer.url, (name) => runOf(name) === process.pid);
      await end();
    };
  };
