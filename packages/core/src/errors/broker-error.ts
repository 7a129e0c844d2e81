import { EventSourcingError } from './event-sourcing-error.ts';

/**
 * Why a broker can't be worked with: `ES_BROKER_UNAVAILABLE` (not reached), `ES_BROKER_ACCESS` (credentials, certificates or permissions),
 * `ES_BROKER_TOPOLOGY` (topics, exchanges or queues are missing, or others than asked for), `ES_BROKER_FAILURE` (anything else; see the cause).
 */
export type BrokerErrorCode = 'ES_BROKER_ACCESS' | 'ES_BROKER_FAILURE' | 'ES_BROKER_TOPOLOGY' | 'ES_BROKER_UNAVAILABLE';

/** A broker failed, or is not as it was asked to be. The driver's own error is the cause. */
export class BrokerError extends EventSourcingError {
  declare readonly code: BrokerErrorCode;

  /** @param message - What was tried, on what, why it failed, and what to do; without secrets. */
  constructor(code: BrokerErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
