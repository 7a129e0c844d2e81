import type { SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { withDefaultPath } from './endpoint.ts';
import { environmentNumber } from './environment.ts';
import { createOtlpExporter } from './otlp-target.ts';
import type { PackageLoader } from './packages.ts';
import { asObject, withoutUndefined } from './targets.ts';
import type { OtlpTarget, SpanBatching, TraceTarget, ZipkinTarget } from './telemetry-options.ts';
import { TreeSpanExporter } from './tree-span-exporter.ts';

/** Makes the span processor that sends spans to a target. */
export async function createSpanProcessor(target: TraceTarget, packages: PackageLoader): Promise<SpanProcessor> {
  const settings = asObject(target);
  if ('onEnd' in settings) return settings;
  if ('export' in settings) return batch(settings, packages);
  switch (settings.exporter) {
    case 'console':
      return simple(createConsoleExporter(packages), packages);
    case 'tree':
      return simple(new TreeSpanExporter(settings), packages);
    case 'otlp':
      return processorOf(settings)(createOtlpSpanExporter(settings, packages), packages);
    case 'zipkin':
      return processorOf(settings)(createZipkinExporter(settings, packages), packages);
  }
}

type MakeProcessor = (exporter: SpanExporter | Promise<SpanExporter>, packages: PackageLoader) => Promise<SpanProcessor>;

function processorOf({ processor }: SpanBatching): MakeProcessor {
  return processor === 'simple' ? simple : batch;
}

const simple: MakeProcessor = async (given, packages) => {
  const [{ SimpleSpanProcessor }, exporter] = await Promise.all([packages.load('@opentelemetry/sdk-trace'), given]);
  return new SimpleSpanProcessor({ exporter });
};

const batch: MakeProcessor = async (given, packages) => {
  const [{ BatchSpanProcessor }, exporter] = await Promise.all([packages.load('@opentelemetry/sdk-trace'), given]);
  return new BatchSpanProcessor({
    exporter,
    // The SDK reads these variables only for the processors that it makes itself.
    ...withoutUndefined({
      maxQueueSize: environmentNumber('OTEL_BSP_MAX_QUEUE_SIZE'),
      scheduledDelayMillis: environmentNumber('OTEL_BSP_SCHEDULE_DELAY'),
      exportTimeoutMillis: environmentNumber('OTEL_BSP_EXPORT_TIMEOUT'),
      maxExportBatchSize: environmentNumber('OTEL_BSP_MAX_EXPORT_BATCH_SIZE'),
    }),
  });
};

async function createConsoleExporter(packages: PackageLoader): Promise<SpanExporter> {
  const { ConsoleSpanExporter } = await packages.load('@opentelemetry/sdk-trace');
  return new ConsoleSpanExporter();
}

function createOtlpSpanExporter(target: OtlpTarget, packages: PackageLoader): Promise<SpanExporter> {
  return createOtlpExporter<SpanExporter>(
    target,
    'TRACES',
    {
      grpc: async () => (await packages.load('@opentelemetry/exporter-trace-otlp-grpc')).OTLPTraceExporter,
      'http/protobuf': async () => (await packages.load('@opentelemetry/exporter-trace-otlp-proto')).OTLPTraceExporter,
      'http/json': async () => (await packages.load('@opentelemetry/exporter-trace-otlp-http')).OTLPTraceExporter,
    },
    packages,
  );
}

async function createZipkinExporter({ url }: ZipkinTarget, packages: PackageLoader): Promise<SpanExporter> {
  const { ZipkinExporter } = await packages.load('@opentelemetry/exporter-zipkin');
  return new ZipkinExporter(url === undefined ? {} : { url: withDefaultPath(url, '/api/v2/spans') });
}
