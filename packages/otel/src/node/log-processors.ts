import type { LogRecordExporter, LogRecordProcessor } from '@opentelemetry/sdk-logs';
import { environmentNumber } from './environment.ts';
import { createOtlpExporter } from './otlp-target.ts';
import type { PackageLoader } from './packages.ts';
import { asObject, withoutUndefined } from './targets.ts';
import type { LogTarget, OtlpTarget } from './telemetry-options.ts';

/** Makes the log record processor that sends log records to a target. */
export async function createLogProcessor(target: LogTarget, packages: PackageLoader): Promise<LogRecordProcessor> {
  const settings = asObject(target);
  // The shape stands for the SDK's own type, which a user's processor implements.
  if ('onEmit' in settings) return settings as object as LogRecordProcessor;
  const [sdk, exporter] = await Promise.all([
    packages.load('@opentelemetry/sdk-logs'),
    settings.exporter === 'otlp' ? createOtlpLogExporter(settings, packages) : undefined,
  ]);
  if (exporter === undefined) return new sdk.SimpleLogRecordProcessor({ exporter: new sdk.ConsoleLogRecordExporter() });
  return new sdk.BatchLogRecordProcessor({
    exporter,
    // The SDK reads these variables only for the processors that it makes itself.
    ...withoutUndefined({
      maxQueueSize: environmentNumber('OTEL_BLRP_MAX_QUEUE_SIZE'),
      scheduledDelayMillis: environmentNumber('OTEL_BLRP_SCHEDULE_DELAY'),
      exportTimeoutMillis: environmentNumber('OTEL_BLRP_EXPORT_TIMEOUT'),
      maxExportBatchSize: environmentNumber('OTEL_BLRP_MAX_EXPORT_BATCH_SIZE'),
    }),
  });
}

function createOtlpLogExporter(target: OtlpTarget, packages: PackageLoader): Promise<LogRecordExporter> {
  return createOtlpExporter<LogRecordExporter>(
    target,
    'LOGS',
    {
      grpc: async () => (await packages.load('@opentelemetry/exporter-logs-otlp-grpc')).OTLPLogExporter,
      'http/protobuf': async () => (await packages.load('@opentelemetry/exporter-logs-otlp-proto')).OTLPLogExporter,
      'http/json': async () => (await packages.load('@opentelemetry/exporter-logs-otlp-http')).OTLPLogExporter,
    },
    packages,
  );
}
