import type { BrokerEventBusOptions, EventBus } from '@es/core';
import type { ArrayBroker } from './array-broker.fixture.ts';

/** A bus with one fault, and the cases that must notice it. */
export interface BrokenBus {
  readonly fault: string;
  readonly make: (broker: ArrayBroker, options: BrokerEventBusOptions) => EventBus;
  /** The names of cases begin with these words. */
  readonly noticedBy: readonly string[];
}
