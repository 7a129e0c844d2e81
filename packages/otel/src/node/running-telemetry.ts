import { type DeliveryFailures, describeFailure } from './delivery-failures.ts';
import type { SdkProvider } from './registration.ts';
import type { Telemetry } from './telemetry.ts';
import { TelemetryError } from './telemetry-error.ts';

/** What a {@link RunningTelemetry} is made of. */
export interface TelemetryParts {
  readonly providers: readonly SdkProvider[];
  readonly failures: DeliveryFailures;
  /** Called once, after the providers have stopped; takes away what the start brought. Does not throw. */
  readonly end: () => void;
}

/** The providers of a started SDK, handled as one. */
export class RunningTelemetry implements Telemetry {
  readonly #parts: TelemetryParts;
  #stopping: Promise<void> | undefined;

  constructor(parts: TelemetryParts) {
    this.#parts = parts;
  }

  async forceFlush(): Promise<void> {
    if (this.#stopping !== undefined) return this.#stopping;
    const { failures, providers } = this.#parts;
    const errors = await failures.during(providers.map((provider) => provider.forceFlush()));
    if (errors.length > 0) throw exportFailed(errors);
  }

  shutdown(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  async #stop(): Promise<void> {
    const { end, failures, providers } = this.#parts;
    // One by one and not through the SDK, which stops waiting at the first that fails.
    const results = await Promise.allSettled(providers.map((provider) => provider.shutdown()));
    for (const result of results) if (result.status === 'rejected') failures.tell(result.reason);
    end();
  }
}

function exportFailed(errors: readonly unknown[]): TelemetryError {
  const message =
    `Telemetry could not be delivered: ${errors.map(describeFailure).join('; ')}. ` +
    'Check that the receiver runs, that URL and protocol are its own, and that it accepts the headers; OTEL_LOG_LEVEL=debug shows more.';
  return new TelemetryError('ES_TELEMETRY_EXPORT_FAILED', message, { cause: errors.length === 1 ? errors[0] : new AggregateError(errors) });
}
