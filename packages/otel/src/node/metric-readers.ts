import type { IMetricReader, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { environmentNumber } from './environment.ts';
import { createOtlpExporter } from './otlp-target.ts';
import type { PackageLoader } from './packages.ts';
import { asObject } from './targets.ts';
import type { MetricInterval, MetricTarget, OtlpTarget } from './telemetry-options.ts';

// The specification's defaults, needed here because the SDK reads the variables only for the readers that it makes itself.
const DEFAULT_INTERVAL_MILLIS = 60_000;
const DEFAULT_TIMEOUT_MILLIS = 30_000;

/** Makes the metric reader that sends metrics to a target. */
export async function createMetricReader(target: MetricTarget, packages: PackageLoader): Promise<IMetricReader> {
  const settings = asObject(target);
  // The shape stands for the SDK's own type, which a user's reader implements.
  if ('setMetricProducer' in settings) return settings as object as IMetricReader;
  const [{ ConsoleMetricExporter, PeriodicExportingMetricReader }, otlp] = await Promise.all([
    packages.load('@opentelemetry/sdk-metrics'),
    settings.exporter === 'otlp' ? createOtlpMetricExporter(settings, packages) : undefined,
  ]);
  return new PeriodicExportingMetricReader({ exporter: otlp ?? new ConsoleMetricExporter(), ...interval(settings) });
}

function interval({ exportIntervalMillis }: MetricInterval): { exportIntervalMillis: number; exportTimeoutMillis: number } {
  const every = exportIntervalMillis ?? environmentNumber('OTEL_METRIC_EXPORT_INTERVAL') ?? DEFAULT_INTERVAL_MILLIS;
  const timeout = environmentNumber('OTEL_METRIC_EXPORT_TIMEOUT') ?? DEFAULT_TIMEOUT_MILLIS;
  return { exportIntervalMillis: every, exportTimeoutMillis: Math.min(timeout, every) };
}

function createOtlpMetricExporter(target: OtlpTarget, packages: PackageLoader): Promise<PushMetricExporter> {
  return createOtlpExporter<PushMetricExporter>(
    target,
    'METRICS',
    {
      grpc: async () => (await packages.load('@opentelemetry/exporter-metrics-otlp-grpc')).OTLPMetricExporter,
      'http/protobuf': async () => (await packages.load('@opentelemetry/exporter-metrics-otlp-proto')).OTLPMetricExporter,
      'http/json': async () => (await packages.load('@opentelemetry/exporter-metrics-otlp-http')).OTLPMetricExporter,
    },
    packages,
  );
}
