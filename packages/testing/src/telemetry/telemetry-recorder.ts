import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { AlwaysOffSampler, AlwaysOnSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { MetricRecorder } from './metric-recorder.ts';
import type { RecordedMetric } from './recorded-metric.ts';
import type { RecordedAttributes, RecordedSpan } from './recorded-span.ts';
import { registerGlobals } from './register-globals.ts';
import { SpanRecorder } from './span-recorder.ts';
import { type SpanTree, spanTrees, type TreeTextOptions, treeText } from './span-tree.ts';

/** How a recorder is set up. */
export interface TelemetryRecorderOptions {
  /** `false`: no span is sampled, so none is recorded, while contexts are still handed on; default `true`. */
  readonly sampled?: boolean;
}

/**
 * Registers an OpenTelemetry SDK that keeps everything in memory, for assertions: tracer and meter provider, context manager, and
 * propagators for W3C trace context and baggage. Works under any test runner.
 *
 * @throws Error when an SDK is registered in this process already.
 */
export function createTelemetryRecorder(options: TelemetryRecorderOptions = {}): TelemetryRecorder {
  return new TelemetryRecorder(options);
}

/** What a process told OpenTelemetry since the recorder was made or reset. Made by {@link createTelemetryRecorder}. */
export class TelemetryRecorder implements Disposable {
  readonly #spans = new SpanRecorder();
  readonly #metrics = new MetricRecorder();
  readonly #unregister: () => void;

  constructor({ sampled = true }: TelemetryRecorderOptions) {
    this.#unregister = registerGlobals({
      tracerProvider: new TracerProvider({
        sampler: sampled ? new AlwaysOnSampler() : new AlwaysOffSampler(),
        spanProcessors: [this.#spans],
      }),
      meterProvider: new MeterProvider({ readers: [this.#metrics] }),
      contextManager: new AsyncLocalStorageContextManager().enable(),
      propagator: new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
    });
  }

  /** The finished spans, in the order in which they started; only those with a name, if one is given. */
  spans(name?: string): readonly RecordedSpan[] {
    return this.#spans.spans({ ended: true }).filter((span) => name === undefined || span.name === name);
  }

  /** Spans that were started and never ended: a leak, once all work is done. */
  openSpans(): readonly RecordedSpan[] {
    return this.#spans.spans({ ended: false });
  }

  /**
   * The one finished span with a name.
   *
   * @throws Error when there is none or there are several; it shows the spans that there are.
   */
  span(name: string): RecordedSpan {
    const [span, ...others] = this.spans(name);
    if (span !== undefined && others.length === 0) return span;
    throw new Error(
      `Expected one finished span ${JSON.stringify(name)}, found ${span === undefined ? 'none' : others.length + 1}.\n${this.#overview()}`,
    );
  }

  /** The finished spans whose parent is this span. */
  children(parent: RecordedSpan): readonly RecordedSpan[] {
    return this.spans().filter((span) => span.traceId === parent.traceId && span.parentSpanId === parent.spanId);
  }

  /** The finished spans, nested; a span whose parent was not recorded is a root. */
  tree(): readonly SpanTree[] {
    return spanTrees(this.spans());
  }

  /**
   * The tree as text, to compare with what is expected: one line a span, with kind (unless INTERNAL), chosen attributes, and `ERROR` with
   * its type.
   */
  treeText(options: TreeTextOptions = {}): string {
    return treeText(this.tree(), options);
  }

  /** Collects and returns every metric that has been recorded. */
  metrics(): Promise<readonly RecordedMetric[]> {
    return this.#metrics.metrics();
  }

  /**
   * Collects and returns the one metric with a name.
   *
   * @param scope - Name of the scope that recorded it, where several did.
   * @throws Error when there is none or several scopes recorded it; it names the metrics that there are.
   */
  async metric(name: string, scope?: string): Promise<RecordedMetric> {
    const all = await this.metrics();
    const [metric, ...others] = all.filter(
      (candidate) => candidate.name === name && (scope === undefined || candidate.scope.name === scope),
    );
    if (metric !== undefined && others.length === 0) return metric;
    const there = all.map((candidate) => `${candidate.name} (${candidate.scope.name})`).sort();
    throw new Error(
      `Expected one metric ${JSON.stringify(name)}${scope === undefined ? '' : ` of ${scope}`}, found ${metric === undefined ? 'none' : others.length + 1}. Recorded: ${there.join(', ') || 'nothing'}.`,
    );
  }

  /**
   * What a metric amounts to in all scopes together: 0 when it was never recorded.
   *
   * @param attributes - Count only the points that carry these.
   */
  async total(name: string, attributes: RecordedAttributes = {}): Promise<number> {
    const wanted = Object.entries(attributes);
    let total = 0;
    for (const metric of await this.metrics()) {
      if (metric.name !== name) continue;
      for (const point of metric.points) if (wanted.every(([key, value]) => point.attributes[key] === value)) total += point.value;
    }
    return total;
  }

  /** Forgets what was recorded. Spans are gone when it returns, metrics when its promise resolves. */
  async reset(): Promise<void> {
    this.#spans.reset();
    await this.#metrics.reset();
  }

  /** Unregisters the SDK, so that another one can be registered, or none. What was recorded stays readable. */
  stop(): void {
    this.#unregister();
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  #overview(): string {
    const open = this.openSpans().map((span) => span.name);
    const finished = this.treeText({});
    return `Finished:\n${finished === '' ? '(none)' : finished}${open.length === 0 ? '' : `\nStarted and not ended: ${open.join(', ')}`}`;
  }
}
