import { EventSourcingError } from './event-sourcing-error.ts';

/** The caller's `AbortSignal` ended an operation. Code `ES_ABORTED`; the signal's reason is the cause. */
export class AbortedError extends EventSourcingError {
  constructor(operation: string, reason: unknown) {
    super('ES_ABORTED', `${operation} was aborted by its signal.`, { cause: reason });
    this.name = 'AbortError';
  }
}

/** Throws an {@link AbortedError} that names the operation if the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined, operation: string): void {
  if (signal?.aborted === true) throw new AbortedError(operation, signal.reason);
}
