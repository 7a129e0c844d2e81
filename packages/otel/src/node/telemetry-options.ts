import type { Attributes } from '@opentelemetry/api';
import type {
  InstrumentationShape,
  LogRecordProcessorShape,
  MetricReaderShape,
  SamplerShape,
  SpanExporterShape,
  SpanProcessorShape,
} from './sdk-shapes.ts';
import type { TreeSpanExporterOptions } from './tree-span-exporter.ts';

/** The ways in which OTLP travels. The collector's usual ports are 4317 for gRPC and 4318 for both HTTP ones. */
export type OtlpProtocol = 'grpc' | 'http/protobuf' | 'http/json';

/** Prints to the console in the SDK's own form. */
export interface ConsoleTarget {
  readonly exporter: 'console';
}

/** Sends OTLP, to a collector, Jaeger, Grafana Tempo, Honeycomb and most others. What is left out is taken from `OTEL_EXPORTER_OTLP_*`. */
export interface OtlpTarget {
  readonly exporter: 'otlp';
  /** Default: `OTEL_EXPORTER_OTLP_<SIGNAL>_PROTOCOL`, `OTEL_EXPORTER_OTLP_PROTOCOL`, else `http/protobuf`. */
  readonly protocol?: OtlpProtocol | undefined;
  /**
   * Where to send, `http://…` in the clear or `https://…` with TLS, for either protocol. Over HTTP a URL without a path gets the
   * signal's usual one (`/v1/traces`, `/v1/metrics`, `/v1/logs`), one with a path is used as it is. Default: the environment's
   * endpoint, else localhost.
   */
  readonly url?: string | undefined;
  /** Sent with every request: HTTP headers, or metadata with gRPC. They add to those of the environment, and win over them. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** How ended spans reach their exporter: in batches, tuned by `OTEL_BSP_*` (the default), or each at once, which is slow over a network. */
export interface SpanBatching {
  readonly processor?: 'batch' | 'simple' | undefined;
}

/** Sends spans over OTLP. */
export interface OtlpTraceTarget extends OtlpTarget, SpanBatching {}

/** Sends spans to Zipkin, as its JSON version 2. Zipkin has no links: they are lost. */
export interface ZipkinTarget extends SpanBatching {
  readonly exporter: 'zipkin';
  /** A URL without a path gets Zipkin's usual one, `/api/v2/spans`. Default: `OTEL_EXPORTER_ZIPKIN_ENDPOINT`, else localhost:9411. */
  readonly url?: string | undefined;
}

/** Prints traces as trees, with a `TreeSpanExporter`. */
export interface TreeTarget extends TreeSpanExporterOptions {
  readonly exporter: 'tree';
}

/** One place where spans go. An exporter of your own gets them in batches; a processor of your own decides for itself. */
export type TraceTarget =
  | 'console'
  | 'tree'
  | 'otlp'
  | 'zipkin'
  | ConsoleTarget
  | TreeTarget
  | OtlpTraceTarget
  | ZipkinTarget
  | SpanExporterShape
  | SpanProcessorShape;

/** How often metrics are collected and sent. */
export interface MetricInterval {
  /** Milliseconds between two exports. Default: `OTEL_METRIC_EXPORT_INTERVAL`, else 60,000. */
  readonly exportIntervalMillis?: number | undefined;
}

/** Sends metrics over OTLP. */
export interface OtlpMetricTarget extends OtlpTarget, MetricInterval {}

/** Prints metrics to the console in the SDK's own form. */
export interface ConsoleMetricTarget extends ConsoleTarget, MetricInterval {}

/** One place where metrics go, or a metric reader of your own. */
export type MetricTarget = 'console' | 'otlp' | ConsoleMetricTarget | OtlpMetricTarget | MetricReaderShape;

/** One place where log records go, or a log record processor of your own. */
export type LogTarget = 'console' | 'otlp' | ConsoleTarget | OtlpTarget | LogRecordProcessorShape;

/**
 * What `startTelemetry` is to do. What is said here wins; what is left out is decided by the standard `OTEL_*` environment.
 *
 * A signal (traces, metrics, logs) that is neither named here nor in the environment goes where the specification says, to OTLP on
 * localhost, if no signal is named here at all. As soon as one is, the silent ones are off.
 */
export interface TelemetryOptions {
  /** Default: `OTEL_SERVICE_NAME`, else `service.name` in `OTEL_RESOURCE_ATTRIBUTES`, else `unknown_service:…`. */
  readonly serviceName?: string | undefined;
  readonly serviceVersion?: string | undefined;
  /** Attributes of the service itself, sent with everything, such as `deployment.environment.name`. */
  readonly resourceAttributes?: Attributes | undefined;
  /** Where spans go, one or several; `false` for nowhere. Default: `OTEL_TRACES_EXPORTER`. */
  readonly traces?: TraceTarget | readonly TraceTarget[] | false | undefined;
  /** Where metrics go, one or several; `false` for nowhere. Default: `OTEL_METRICS_EXPORTER`. */
  readonly metrics?: MetricTarget | readonly MetricTarget[] | false | undefined;
  /** Where log records go, one or several; `false` for nowhere. Default: `OTEL_LOGS_EXPORTER`. */
  readonly logs?: LogTarget | readonly LogTarget[] | false | undefined;
  /** Decides which traces are recorded. Default: `OTEL_TRACES_SAMPLER`, else all, and always as the parent's. */
  readonly sampler?: SamplerShape | undefined;
  /** Share of the traces begun here that are recorded, 0 to 1; a trace begun elsewhere is recorded as its parent was. Not with `sampler`. */
  readonly samplingRatio?: number | undefined;
  /** Auto-instrumentations, as `getNodeAutoInstrumentations()` returns them. Enabled at the start, disabled by `shutdown`. */
  readonly instrumentations?: readonly (InstrumentationShape | readonly InstrumentationShape[])[] | undefined;
}
