import { startTelemetry, type Telemetry } from '@es/otel/node';

/** Spans as they end and metrics every second, over OTLP to wherever `OTEL_EXPORTER_OTLP_ENDPOINT` says, else to this machine's port 4318. */
export function startServiceTelemetry(serviceName: string): Promise<Telemetry> {
  return startTelemetry({
    serviceName,
    traces: { exporter: 'otlp', protocol: 'http/json' },
    metrics: { exporter: 'otlp', protocol: 'http/json', exportIntervalMillis: 1_000 },
  });
}
