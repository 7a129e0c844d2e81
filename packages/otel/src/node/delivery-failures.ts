import { getLogger } from '../logging-hierarchy.ts';
import { errorType } from '../span-errors.ts';
import type { Packages } from './packages.ts';

/** The logger that tells of failed deliveries. Its records are not sent as telemetry: a failing log exporter would feed itself. */
export const TELEMETRY_LOGGER = 'eventsource.telemetry';

/** Gathers and tells the failures that the SDK's processors and readers keep to themselves. */
export class DeliveryFailures {
  readonly #logger = getLogger(TELEMETRY_LOGGER);
  readonly #gathering = new Set<Set<unknown>>();

  /** Becomes the SDK's error handler. Returns what undoes that. */
  install({ setGlobalErrorHandler, loggingErrorHandler }: Packages['@opentelemetry/core']): () => void {
    setGlobalErrorHandler((error) => this.tell(error));
    return () => setGlobalErrorHandler(loggingErrorHandler());
  }

  /** Logs a failure, and adds it to those that are being gathered. */
  tell(error: unknown): void {
    for (const failures of this.#gathering) failures.add(error);
    this.#logger.warn({ 'error.type': errorType(error) }, `Telemetry could not be delivered: ${describeFailure(error)}`);
  }

  /** Waits until all are settled, and returns their failures together with those that were told meanwhile. */
  async during(deliveries: readonly Promise<unknown>[]): Promise<unknown[]> {
    const failures = new Set<unknown>();
    this.#gathering.add(failures);
    try {
      for (const result of await Promise.allSettled(deliveries)) {
        if (result.status === 'rejected') for (const error of [result.reason].flat()) failures.add(error);
      }
    } finally {
      this.#gathering.delete(failures);
    }
    return [...failures];
  }
}

/** A failure in words. Errors of several attempts, as for the addresses of one host, have no message of their own. */
export function describeFailure(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(describeFailure).join(', ');
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
