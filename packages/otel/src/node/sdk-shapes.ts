/*
 * The parts of the SDK's types that a user may hand in, by shape. Importing the SDK's own types here would make every user install
 * packages that they don't use, only to compile. Methods, not function properties: these are compared loosely enough for the real types.
 */

/** An SDK `SpanExporter`. */
export interface SpanExporterShape {
  export(spans: never[], resultCallback: (result: { code: number; error?: Error }) => void): void;
  shutdown(): Promise<void>;
  forceFlush?(): Promise<void>;
}

/** An SDK `SpanProcessor`. */
export interface SpanProcessorShape {
  onStart(span: never, parentContext: never): void;
  onEnd(span: never): void;
  forceFlush(): Promise<void>;
  shutdown(): Promise<void>;
}

/** An SDK `IMetricReader`, such as a `PeriodicExportingMetricReader` or a Prometheus exporter. */
export interface MetricReaderShape {
  setMetricProducer(metricProducer: never): void;
  collect(options?: never): Promise<unknown>;
  forceFlush(options?: never): Promise<void>;
  shutdown(options?: never): Promise<void>;
}

/** An SDK `LogRecordProcessor`. */
export interface LogRecordProcessorShape {
  onEmit(logRecord: never, context?: never): void;
  forceFlush(options?: never): Promise<void>;
  shutdown(): Promise<void>;
}

/** An SDK `Sampler`. */
export interface SamplerShape {
  shouldSample(context: never, traceId: string, spanName: string, spanKind: never, attributes: never, links: never[]): unknown;
  toString(): string;
}

/** An `Instrumentation` of `@opentelemetry/instrumentation`. */
export interface InstrumentationShape {
  readonly instrumentationName: string;
  enable(): void;
  disable(): void;
  setTracerProvider(tracerProvider: never): void;
  setMeterProvider(meterProvider: never): void;
}
