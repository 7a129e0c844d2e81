import { ProxyTracerProvider, type TracerProvider, trace } from '@opentelemetry/api';

// A proxy without a delegate answers with the API's no-op provider, which the API does not export otherwise.
const NOOP_PROVIDER: TracerProvider = new ProxyTracerProvider().getDelegate();

/**
 * Whether an OpenTelemetry SDK is registered in this process, so that spans go anywhere.
 *
 * True also when another copy of `@opentelemetry/api` registered it, as long as this package can use that registration.
 * The answer may change: an SDK can be registered, or shut down and unregistered, at any time.
 */
export function otelAvailable(): boolean {
  return registeredTracerProvider() !== undefined;
}

/**
 * The SDK's own tracer provider behind the API's global proxy; `undefined` when none is registered.
 *
 * The proxy outlives what it stands for, so only its delegate tells one registration from the next.
 */
export function registeredTracerProvider(): TracerProvider | undefined {
  const provider: TracerProvider & { getDelegate?(): TracerProvider } = trace.getTracerProvider();
  const delegate = provider.getDelegate === undefined ? provider : provider.getDelegate();
  return delegate === NOOP_PROVIDER ? undefined : delegate;
}
