import { bringUp, type Server } from './bring-up.ts';
import { ServiceUnavailable } from './errors.ts';
import type { Service } from './service.ts';
import { release } from './take-down.ts';
import type { Workplace } from './workplace.ts';

/** What tests are given: a server, or the reason why there is none. */
export type Offer = Server | { readonly unavailable: string };

/** A service in use by this process. */
export interface Lease {
  readonly offer: Offer;
  /** Says that this process has done with it. */
  readonly end: () => Promise<void>;
}

/**
 * Brings a service up for the tests of this process. If it can't be had on this machine, the tests are to be skipped with the reason;
 * with `ES_FORBID_SKIPS=1` that is an error.
 *
 * @throws `ServiceFailed` if a server that should run does not; `ServiceUnavailable` if skipping is forbidden.
 */
export const leaseService = async (workplace: Workplace, service: Service): Promise<Lease> => {
  try {
    const offer = await bringUp(workplace, service, { user: process.pid });
    return { offer, end: () => release(workplace, service, process.pid) };
  } catch (failure) {
    // What it needs may have come up before it failed itself.
    await release(workplace, service, process.pid);
    if (!(failure instanceof ServiceUnavailable) || workplace.env['ES_FORBID_SKIPS'] === '1') throw failure;
    return { offer: { unavailable: failure.message }, end: async () => undefined };
  }
};
