import { describe, inject, it, type ProvidedContext } from 'vitest';
import type { Offer } from '../lease.ts';
// For the types of what they provide.
import type {} from './kafka.ts';
import type {} from './pgbouncer.ts';
import type {} from './postgres.ts';
import type {} from './rabbitmq.ts';

type ServiceKey = { [Key in keyof ProvidedContext]: ProvidedContext[Key] extends Offer ? Key : never }[keyof ProvidedContext];

/** @throws an error that says what is missing, if the package's vitest configuration does not name the service's global set-up. */
export const offerOf = (key: ServiceKey): Offer => {
  const offer: Offer | undefined = inject(key);
  if (offer === undefined) throw new Error(`The vitest configuration must name @es-internal/services/vitest/${key} as a global set-up.`);
  return offer;
};

/** A `describe` with the URLs of what is offered; or, if something can't be had, one test that is skipped with the reason. */
export const suite = (name: string, offers: readonly Offer[], body: (...urls: readonly string[]) => void): void => {
  const missing = offers.find((offer) => 'unavailable' in offer);
  if (missing !== undefined) it(name, ({ skip }) => skip(missing.unavailable));
  else describe(name, () => body(...offers.map((offer) => ('url' in offer ? offer.url : ''))));
};
