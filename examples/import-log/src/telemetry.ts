import { startTelemetry, type Telemetry } from '@es/otel/node';
import { SpanCounter } from './span-counter.ts';

/** Telemetry that knows how many spans it has delivered. */
export interface CountedTelemetry {
  readonly telemetry: Telemetry;
  readonly counter: SpanCounter;
}

/** Starts telemetry: spans go in batches to a counter, and to an OTLP receiver too if the environment names one. */
export async function startCountedTelemetry(): Promise<CountedTelemetry> {
  const { OTEL_SERVICE_NAME, OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = process.env;
  const counter = new SpanCounter();
  const elsewhere = OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ? (['otlp'] as const) : [];
  const telemetry = await startTelemetry({ serviceName: OTEL_SERVICE_NAME ?? 'import-log', traces: [counter, ...elsewhere] });
  return { telemetry, counter };
}
