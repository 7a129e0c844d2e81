import type { Attributes } from '@opentelemetry/api';

/** One value of a gauge. */
export interface GaugeValue {
  /** In the metric's unit. */
  readonly value: number;
  /** Tells this value from the gauge's others; of low cardinality. */
  readonly attributes?: Attributes;
}

/** A metric that is asked for its values whenever metrics are collected. */
export interface GaugeHandle {
  /**
   * Has `measure` called at every collection until the returned function is called. When it rejects, nothing new is reported that time.
   *
   * An SDK registered later is found when the component next uses any of its metrics.
   */
  observe(measure: () => Promise<readonly GaugeValue[]>): () => void;
}
