import type { TestProject } from 'vitest/node';
import type { Offer } from '../lease.ts';
import { leaseForRun, type RunService } from '../run-lease.ts';

/** How tests use a service. */
export interface TestService extends RunService {
  /** Tells the tests where it is. */
  readonly provide: (project: TestProject, offer: Offer) => void;
}

/**
 * A vitest global set-up: the service is there before a package's tests, and goes afterwards unless someone else wants it. What these
 * tests, and others that ended badly, have left on it is deleted.
 */
export const setUpFor =
  ({ provide, ...service }: TestService) =>
  async (project: TestProject): Promise<() => Promise<void>> => {
    const { offer, end } = await leaseForRun(service);
    provide(project, offer);
    project.provide('run', process.pid);
    return end;
  };
