import { EventSourcingError } from './event-sourcing-error.ts';

/** A caller handed over something that can't be meant; nothing was done. Code `ES_INVALID_ARGUMENT`. */
export class InvalidArgumentError extends EventSourcingError {
  /** @param message - What was called, with what, and what is expected instead. */
  constructor(message: string, options?: ErrorOptions) {
    super('ES_INVALID_ARGUMENT', message, options);
  }
}
