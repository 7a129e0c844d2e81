import * as api from '@opentelemetry/api';
import { registeredTracerProvider } from '../availability.ts';
import { TelemetryError } from './telemetry-error.ts';

/** A provider of an SDK, of whichever signal. */
export interface SdkProvider {
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

// On the process and not in this module: two copies of the package in one installation share the OpenTelemetry API's registrations.
const CLAIM: unique symbol = Symbol.for('@es/otel.telemetry');
const shared = globalThis as { [CLAIM]?: boolean };

/**
 * Claims the process for one telemetry at a time. The caller gives it back with {@link releaseProcess}.
 *
 * @throws {@link TelemetryError} `ES_TELEMETRY_ALREADY_STARTED`.
 */
export function claimProcess(): void {
  if (shared[CLAIM] === true) {
    throw new TelemetryError(
      'ES_TELEMETRY_ALREADY_STARTED',
      'startTelemetry was called while the telemetry that it started before still runs in this process. ' +
        'Call it once, at the start of the program, or await shutdown() of the earlier one first.',
    );
  }
  if (registeredProviders().length > 0 || registeredTracerProvider() !== undefined) {
    throw new TelemetryError(
      'ES_TELEMETRY_ALREADY_STARTED',
      'startTelemetry found another OpenTelemetry SDK registered in this process (by a NodeSDK of your own, or by node --import). ' +
        'Every component uses that one as it is; leave out either that SDK or startTelemetry.',
    );
  }
  shared[CLAIM] = true;
}

/** Gives the process back, after {@link claimProcess}. */
export function releaseProcess(): void {
  delete shared[CLAIM];
}

/** The SDK's providers that are registered with the API, as this package sees it. */
export function registeredProviders(): SdkProvider[] {
  const providers: unknown[] = [registeredTracerProvider(), api.metrics.getMeterProvider(), api.logs.getLoggerProvider()];
  return providers.filter(isSdkProvider);
}

/** Whether log records have somewhere to go. */
export function hasLoggerProvider(): boolean {
  return isSdkProvider(api.logs.getLoggerProvider());
}

/** Checks that the installed API is one that the SDK can register its logs with. */
export function checkApiVersion(): void {
  if (api.logs !== undefined) return;
  throw new TelemetryError(
    'ES_TELEMETRY_API_MISMATCH',
    'startTelemetry needs @opentelemetry/api 1.10 or later. Install with: npm install @opentelemetry/api@latest.',
  );
}

/** What there was before, so that the end takes away only what the start brought. */
export interface EarlierRegistrations {
  readonly contextManager: boolean;
  readonly propagator: boolean;
}

export function earlierRegistrations(): EarlierRegistrations {
  return { contextManager: hasContextManager(), propagator: api.propagation.fields().length > 0 };
}

/**
 * Checks that what the SDK registered can be seen from here. It can't if the SDK came upon another copy of the API than this package.
 *
 * @throws {@link TelemetryError} `ES_TELEMETRY_API_MISMATCH`.
 */
export function checkRegistration(): void {
  if (hasContextManager()) return;
  throw new TelemetryError(
    'ES_TELEMETRY_API_MISMATCH',
    'The OpenTelemetry SDK started, but registered with another copy of @opentelemetry/api than the one that @es/otel uses, so that no ' +
      'span would ever reach it. Keep one copy in the installation: npm ls @opentelemetry/api shows who brings the others.',
  );
}

/** Takes the SDK's registrations away, so that another one can register. */
export function unregister(earlier: EarlierRegistrations): void {
  api.trace.disable();
  api.metrics.disable();
  api.logs.disable();
  if (!earlier.contextManager) api.context.disable();
  if (!earlier.propagator) api.propagation.disable();
}

// The API does not tell; a context that stays current while a function runs does.
function hasContextManager(): boolean {
  const key = api.createContextKey('@es/otel: is there a context manager?');
  return api.context.with(api.ROOT_CONTEXT.setValue(key, true), () => api.context.active().getValue(key) === true);
}

function isSdkProvider(provider: unknown): provider is SdkProvider {
  const { forceFlush, shutdown } = (provider ?? {}) as Partial<SdkProvider>;
  return typeof forceFlush === 'function' && typeof shutdown === 'function';
}
