export type {
  InstrumentationShape,
  LogRecordProcessorShape,
  MetricReaderShape,
  SamplerShape,
  SpanExporterShape,
  SpanProcessorShape,
} from './sdk-shapes.ts';
export type { EndedSpan } from './span-tree.ts';
export { startTelemetry } from './start-telemetry.ts';
export type { Telemetry } from './telemetry.ts';
export { TelemetryError, type TelemetryErrorCode } from './telemetry-error.ts';
export type {
  ConsoleMetricTarget,
  ConsoleTarget,
  LogTarget,
  MetricInterval,
  MetricTarget,
  OtlpMetricTarget,
  OtlpProtocol,
  OtlpTarget,
  OtlpTraceTarget,
  SpanBatching,
  TelemetryOptions,
  TraceTarget,
  TreeTarget,
  ZipkinTarget,
} from './telemetry-options.ts';
export { DEFAULT_TREE_ATTRIBUTES, type SpanExportResult, TreeSpanExporter, type TreeSpanExporterOptions } from './tree-span-exporter.ts';
