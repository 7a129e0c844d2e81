import { diag } from '@opentelemetry/api';
import { DeliveryFailures, describeFailure } from './delivery-failures.ts';
import { environmentString, telemetryDisabled } from './environment.ts';
import { checkOptions } from './option-checks.ts';
import {
  checkApiVersion,
  checkRegistration,
  claimProcess,
  earlierRegistrations,
  hasLoggerProvider,
  registeredProviders,
  releaseProcess,
  unregister,
} from './registration.ts';
import { RunningTelemetry } from './running-telemetry.ts';
import { prepareSdk } from './sdk-configuration.ts';
import type { Telemetry } from './telemetry.ts';
import { TelemetryError } from './telemetry-error.ts';
import type { TelemetryOptions } from './telemetry-options.ts';

/**
 * Starts the OpenTelemetry SDK for this process: traces, metrics and logs, each to where the options or else the `OTEL_*` environment
 * say. Everything of `@es` that runs in the process, and whatever else uses the OpenTelemetry API, then reports there.
 *
 * With `OTEL_SDK_DISABLED=true` nothing is started, and what is returned does nothing.
 *
 * @throws {@link TelemetryError} with `ES_TELEMETRY_OPTIONS`, `ES_TELEMETRY_PACKAGE_MISSING`, `ES_TELEMETRY_ALREADY_STARTED`,
 * `ES_TELEMETRY_API_MISMATCH` or `ES_TELEMETRY_START_FAILED`. Nothing is left registered then.
 */
export async function startTelemetry(options: TelemetryOptions = {}): Promise<Telemetry> {
  checkOptions(options);
  const failures = new DeliveryFailures();
  if (telemetryDisabled()) return new RunningTelemetry({ providers: [], failures, end: () => undefined });
  checkApiVersion();
  claimProcess();
  const undo: (() => void)[] = [releaseProcess];
  const end = () => {
    for (const step of undo.reverse()) withoutThrowing(step);
  };
  try {
    await start(options, failures, undo);
    return new RunningTelemetry({ providers: registeredProviders(), failures, end });
  } catch (error) {
    end();
    throw error instanceof TelemetryError ? error : startFailed(error);
  }
}

/** Starts the SDK and what belongs to it, and notes for each step how it is undone. */
async function start(options: TelemetryOptions, failures: DeliveryFailures, undo: (() => void)[]): Promise<void> {
  const { core, configuration, NodeSDK } = await prepareSdk(options);
  undo.push(failures.install(core));
  const earlier = earlierRegistrations();
  undo.push(() => unregister(earlier));
  // The SDK registers a logger of its diagnostics when this is set, and would complain about its own at the next start.
  if (environmentString('OTEL_LOG_LEVEL') !== undefined) undo.push(() => diag.disable());
  const sdk = new NodeSDK(configuration);
  for (const instrumentation of (options.instrumentations ?? []).flat()) undo.push(() => instrumentation.disable());
  try {
    sdk.start();
    checkRegistration();
  } catch (error) {
    sdk.shutdown().catch((reason: unknown) => failures.tell(reason));
    throw error;
  }
  if (configuration.logRecordProcessors?.length === 0 || !hasLoggerProvider()) return;
  // Imported only here, because it can't be loaded with an API that has no logs yet.
  const { bridgeLogs } = await import('./log-bridge.ts');
  undo.push(bridgeLogs());
}

function withoutThrowing(step: () => void): void {
  try {
    step();
  } catch (error) {
    diag.error('@es/otel: stopping the telemetry did not undo everything that its start had done.', error);
  }
}

function startFailed(cause: unknown): TelemetryError {
  const message = `startTelemetry: the OpenTelemetry SDK did not start: ${describeFailure(cause)}.`;
  return new TelemetryError('ES_TELEMETRY_START_FAILED', message, { cause });
}
