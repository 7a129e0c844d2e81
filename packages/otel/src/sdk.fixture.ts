import { type Attributes, context, metrics, propagation, type TextMapPropagator, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider, type MetricData, MetricReader } from '@opentelemetry/sdk-metrics';
import { AlwaysOnSampler, type ReadableSpan, type Sampler, type SpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

/** The spans that a registered SDK has seen end, in that order. */
export class SpanRecorder implements SpanProcessor {
  readonly ended: ReadableSpan[] = [];
  started = 0;

  onStart(): void {
    this.started++;
  }

  onEnd(span: ReadableSpan): void {
    this.ended.push(span);
  }

  forceFlush = async (): Promise<void> => undefined;
  shutdown = async (): Promise<void> => undefined;

  get names(): string[] {
    return this.ended.map((span) => span.name);
  }

  /** The one span of this name; an error if there is none or more than one. */
  one(name: string): ReadableSpan {
    const [span, ...others] = this.ended.filter((candidate) => candidate.name === name);
    if (span === undefined || others.length > 0) throw new Error(`Expected one span '${name}' among: ${this.names.join(', ')}.`);
    return span;
  }
}

/** Registers a real tracing SDK, globally, with everything recorded unless a sampler says otherwise. */
export function registerTracing(options: { sampler?: Sampler; propagator?: TextMapPropagator } = {}): SpanRecorder {
  const recorder = new SpanRecorder();
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [recorder], sampler: options.sampler ?? new AlwaysOnSampler() }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  if (options.propagator !== undefined) propagation.setGlobalPropagator(options.propagator);
  return recorder;
}

/** Reads the metrics of a registered SDK on demand. */
export class MetricRecorder extends MetricReader {
  protected override async onForceFlush(): Promise<void> {
    await this.collect();
  }

  protected override onShutdown(): Promise<void> {
    return this.onForceFlush();
  }

  /** Every metric that has data, by name. */
  async metrics(): Promise<Map<string, MetricData>> {
    const { resourceMetrics } = await this.collect();
    const all = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return new Map(all.map((metric) => [metric.descriptor.name, metric]));
  }

  /** The data points of one metric; none when nothing was recorded. */
  async points(name: string): Promise<{ value: unknown; attributes: Attributes }[]> {
    const metric = (await this.metrics()).get(name);
    return metric === undefined ? [] : metric.dataPoints.map(({ value, attributes }) => ({ value, attributes }));
  }
}

/** Registers a real metrics SDK, globally. */
export function registerMetrics(): MetricRecorder {
  const recorder = new MetricRecorder();
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [recorder] }));
  return recorder;
}

/** Takes every global registration back, as if no SDK had been there. */
export function unregisterAll(): void {
  trace.disable();
  metrics.disable();
  propagation.disable();
  context.disable();
}
