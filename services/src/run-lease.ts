import { type Lease, leaseService } from './lease.ts';
import { markOf } from './processes.ts';
import type { Service } from './service.ts';
import { runOf } from './vitest/names.ts';
import { workplaceOf } from './workplace.ts';

/** How runs of tests or benchmarks use a service. */
export interface RunService {
  readonly service: Service;
  /** Deletes from the server at `url` what has one of the names meant. */
  readonly tidy: (url: string, isMeant: (name: string) => boolean) => Promise<void>;
}

const isDead = (run: number | undefined): boolean => run !== undefined && markOf(run) === undefined;

/**
 * Brings a service up for a run of this process, and deletes what other runs that ended badly have left on it. Letting go of it deletes what
 * this one has left.
 *
 * @throws `ServiceFailed` if a server that should run does not; `ServiceUnavailable` if there is none and `ES_FORBID_SKIPS=1`.
 */
export const leaseForRun = async ({ service, tidy }: RunService): Promise<Lease> => {
  const { offer, end } = await leaseService(workplaceOf(process.env), service);
  if ('unavailable' in offer) return { offer, end };
  // On a server of the user's own, a run of another machine might only look dead.
  if (offer.engine !== 'environment') await tidy(offer.url, (name) => isDead(runOf(name)));
  return {
    offer,
    end: async () => {
      await tidy(offer.url, (name) => runOf(name) === process.pid);
      await end();
    },
  };
};
