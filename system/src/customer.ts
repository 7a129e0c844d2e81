import { activeContext, withContext } from '@es/otel';
import { propagation } from '@opentelemetry/api';

/** What travels in the baggage from the shop to the courier, and stands on each one's own span. */
export const ATTR_CUSTOMER = 'shop.customer';

/** Calls `fn` with the customer in the baggage. */
export const withCustomer = <T>(customer: string, fn: () => T): T =>
  withContext(propagation.setBaggage(activeContext(), propagation.createBaggage({ [ATTR_CUSTOMER]: { value: customer } })), fn);

/** The customer in the baggage; `nobody` if there is none. */
export const currentCustomer = (): string => propagation.getBaggage(activeContext())?.getEntry(ATTR_CUSTOMER)?.value ?? 'nobody';
