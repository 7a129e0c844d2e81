import { diag } from '@opentelemetry/api';

/**
 * Runs what serves telemetry alone. Its failure goes to OpenTelemetry's diagnostics and nowhere else: an operation must not fail because it
 * is observed.
 *
 * @param what - What is done, as the diagnostics name it.
 */
export function withoutThrowing(what: string, fn: () => void): void {
  try {
    fn();
  } catch (error) {
    diag.error(`@es/otel: ${what} failed; the operation goes on without.`, error);
  }
}
