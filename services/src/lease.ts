import { bringUp } from './bring-up.ts';
import { ServiceUnavailable } from './errors.ts';
import type { Server, Service } from './service.ts';
import { release } from './take-down.ts';
import { newUser } from './users.ts';
import type { Workplace } from './workplace.ts';

/** What tests are given: a server, or the reason why there is none. */
export type Offer = Server | { readonly unavailable: string };

/** One use of a service by this process. */
export interface Lease {
  readonly offer: Offer;
  /** Lets go of it. */
  readonly end: () => Promise<void>;
}

/**
 * Brings a service up for the tests of this process. If it can't be had on this machine, the tests are to be skipped with the reason;
 * with `ES_FORBID_SKIPS=1` that is an error.
 *
 * @throws `ServiceFailed` if a server that should run does not; `ServiceUnavailable` if skipping is forbidden.
 */
export const leaseService = async (workplace: Workplace, service: Service): Promise<Lease> => {
  const user = newUser();
  try {
    const offer = await bringUp(workplace, service, { user });
    return { offer, end: () => release(workplace, service, user) };
  } catch (failure) {
    // What it needs may have come up before it failed itself.
    await release(workplace, service, user);
    if (!(failure instanceof ServiceUnavailable) || workplace.env['ES_FORBID_SKIPS'] === '1') throw failure;
    return { offer: { unavailable: failure.message }, end: async () => undefined };
  }
};
