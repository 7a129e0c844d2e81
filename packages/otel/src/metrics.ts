import { type Attributes, createNoopMeter, type Meter, type MeterProvider, type MetricOptions, metrics } from '@opentelemetry/api';
import type { GaugeHandle } from './gauge.ts';
import { LateGauge } from './late-gauge.ts';
import type { MetricDefinition } from './metric-definitions.ts';
import { SCHEMA_URL } from './schema-url.ts';
import { settle } from './settle.ts';
import { HistogramTimer, type MetricAttributes, type Timer } from './timer.ts';

/** How a component's metrics are set up. */
export interface MetricsOptions {
  /** `false` switches the component's metrics off whatever SDK is registered; default `true`. */
  enabled?: boolean | undefined;
  /** Version of the instrumented package, exported as the scope's version. */
  version?: string | undefined;
  /** Semantic conventions that the metrics follow; default {@link SCHEMA_URL}. */
  schemaUrl?: string | undefined;
}

/** A metric that only goes up. */
export interface CounterHandle {
  /** Adds a non-negative value; the attributes must be of low cardinality. */
  add(value: number, attributes?: Attributes): void;
}

/** A metric that records a distribution. */
export interface HistogramHandle {
  /** Records a value in the metric's unit; the attributes must be of low cardinality. */
  record(value: number, attributes?: Attributes): void;
}

/** A component's way of recording metrics. */
export interface Metrics {
  /** The component's own switch; says nothing about whether an SDK is registered. */
  readonly enabled: boolean;
  /** Whether an SDK is registered, at the moment of asking, that takes what is recorded. */
  readonly recording: boolean;
  /** The counter of a definition; the same handle for the same name. */
  counter(definition: MetricDefinition): CounterHandle;
  /** The histogram of a definition; the same handle for the same name. */
  histogram(definition: MetricDefinition): HistogramHandle;
  /** The gauge of a definition; the same handle for the same name. */
  gauge(definition: MetricDefinition): GaugeHandle;
  /**
   * Calls `fn`, records how long it took in seconds until it returned or its promise settled, and hands on its result or error.
   *
   * A failure adds `error.type`, by the rule that spans follow too. Attributes given as a function are computed only if something records
   * them, once, at the end. Without a registered SDK this just calls `fn`.
   */
  time<T>(histogram: MetricDefinition, attributes: MetricAttributes, fn: () => T): T;
  /**
   * Begins to measure an operation whose end is told to the timer: by {@link SpanOptions.timer}, or by hand.
   *
   * `undefined` where no SDK is registered that could record it. Attributes are as those of `time`.
   */
  timer(histogram: MetricDefinition, attributes: MetricAttributes): Timer | undefined;
}

/**
 * Makes the metrics of one component, under one instrumentation scope.
 *
 * Instruments are made when first used and again for every other SDK, so that one registered later works.
 *
 * @param scope - Name of the scope, usually that of the package.
 */
export function createMetrics(scope: string, options: MetricsOptions = {}): Metrics {
  return new ScopedMetrics(scope, options);
}

const NOOP_METER: Meter = createNoopMeter();

class ScopedMetrics implements Metrics {
  readonly enabled: boolean;
  readonly #meter: () => Meter | undefined;
  readonly #gauges = new Map<string, LateGauge>();
  readonly #counters = new Map<string, CounterHandle>();
  readonly #histograms = new Map<string, HistogramHandle>();

  constructor(scope: string, { enabled = true, version, schemaUrl = SCHEMA_URL }: MetricsOptions) {
    this.enabled = enabled;
    const attach = (meter: Meter | undefined): void => {
      for (const gauge of this.#gauges.values()) gauge.attach(meter);
    };
    this.#meter = enabled ? lateMeter(scope, version, schemaUrl, attach) : () => undefined;
  }

  get recording(): boolean {
    return this.#meter() !== undefined;
  }

  counter(definition: MetricDefinition): CounterHandle {
    return cached(this.#counters, definition.name, () => {
      const current = lateInstrument(this.#meter, (meter) => meter.createCounter(definition.name, instrumentOptions(definition)));
      return { add: (value, attributes) => current()?.add(value, attributes) };
    });
  }

  histogram(definition: MetricDefinition): HistogramHandle {
    return cached(this.#histograms, definition.name, () => {
      const current = lateInstrument(this.#meter, (meter) => meter.createHistogram(definition.name, instrumentOptions(definition)));
      return { record: (value, attributes) => current()?.record(value, attributes) };
    });
  }

  gauge(definition: MetricDefinition): GaugeHandle {
    return cached(this.#gauges, definition.name, () => {
      const gauge = new LateGauge((meter) => meter.createObservableGauge(definition.name, instrumentOptions(definition)));
      gauge.attach(this.#meter());
      return gauge;
    });
  }

  time<T>(histogram: MetricDefinition, attributes: MetricAttributes, fn: () => T): T {
    const timer = this.timer(histogram, attributes);
    if (timer === undefined) return fn();
    return settle(
      fn,
      () => timer.succeeded(),
      (error) => timer.failed(error),
    );
  }

  timer(histogram: MetricDefinition, attributes: MetricAttributes): Timer | undefined {
    return this.recording ? new HistogramTimer(histogram.name, this.histogram(histogram), attributes) : undefined;
  }
}

/** The meter of whichever SDK is registered at the moment of asking; `undefined` when none is. */
function lateMeter(
  scope: string,
  version: string | undefined,
  schemaUrl: string,
  onChange: (meter: Meter | undefined) => void,
): () => Meter | undefined {
  let seen: MeterProvider | undefined;
  let meter: Meter | undefined;
  return () => {
    const provider = metrics.getMeterProvider();
    if (provider !== seen) {
      const found = provider.getMeter(scope, version, { schemaUrl });
      seen = provider;
      meter = found === NOOP_METER ? undefined : found;
      onChange(meter);
    }
    return meter;
  };
}

/** The instrument of whichever meter is current; made once per meter. */
function lateInstrument<I>(currentMeter: () => Meter | undefined, make: (meter: Meter) => I): () => I | undefined {
  let seen: Meter | undefined;
  let instrument: I | undefined;
  return () => {
    const meter = currentMeter();
    if (meter !== seen) {
      seen = meter;
      instrument = meter === undefined ? undefined : make(meter);
    }
    return instrument;
  };
}

function instrumentOptions({ unit, description, buckets }: MetricDefinition): MetricOptions {
  return buckets === undefined ? { unit, description } : { unit, description, advice: { explicitBucketBoundaries: [...buckets] } };
}

function cached<V>(cache: Map<string, V>, key: string, make: () => V): V {
  const found = cache.get(key);
  if (found !== undefined) return found;
  const made = make();
  cache.set(key, made);
  return made;
}
