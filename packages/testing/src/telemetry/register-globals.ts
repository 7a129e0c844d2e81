import {
  type ContextManager,
  context,
  type MeterProvider,
  metrics,
  propagation,
  type TextMapPropagator,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';

/** What a process registers with the OpenTelemetry API. */
export interface TelemetryGlobals {
  readonly tracerProvider: TracerProvider;
  readonly meterProvider: MeterProvider;
  readonly contextManager: ContextManager;
  readonly propagator: TextMapPropagator;
}

/**
 * Registers all parts of an SDK, or none.
 *
 * @returns a function that unregisters them.
 * @throws Error when an SDK is registered already.
 */
export function registerGlobals({ tracerProvider, meterProvider, contextManager, propagator }: TelemetryGlobals): () => void {
  const undo: (() => void)[] = [];
  const unregister = (): void => {
    for (const disable of undo.splice(0)) disable();
  };
  const register = (part: string, registered: boolean, disable: () => void): void => {
    if (registered) undo.push(disable);
    else {
      unregister();
      throw new Error(
        `createTelemetryRecorder() found a ${part} already registered with @opentelemetry/api in this process. Stop the recorder or shut down the SDK that registered it first: there can be only one at a time.`,
      );
    }
  };
  register('tracer provider', trace.setGlobalTracerProvider(tracerProvider), () => trace.disable());
  register('meter provider', metrics.setGlobalMeterProvider(meterProvider), () => metrics.disable());
  register('context manager', context.setGlobalContextManager(contextManager), () => context.disable());
  register('propagator', propagation.setGlobalPropagator(propagator), () => propagation.disable());
  return unregister;
}
