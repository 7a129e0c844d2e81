import { AggregationTemporality, MetricReader } from '@opentelemetry/sdk-metrics';
import { mergeMetrics } from './merge-metrics.ts';
import { type RecordedMetric, recordedMetrics } from './recorded-metric.ts';

/** Collects metrics when asked. It reads what was recorded since the last time and adds that up, so that a reset can start anew. */
export class MetricRecorder extends MetricReader {
  #recorded: readonly RecordedMetric[] = [];

  constructor() {
    super({ aggregationTemporalitySelector: () => AggregationTemporality.DELTA });
  }

  /** Everything recorded since the start or the last reset. Rejects with what an observable instrument's callback threw. */
  async metrics(): Promise<readonly RecordedMetric[]> {
    const { resourceMetrics, errors } = await this.collect();
    if (errors.length > 0) throw new AggregateError(errors, 'The metrics could not be collected.');
    this.#recorded = mergeMetrics(this.#recorded, resourceMetrics.scopeMetrics.flatMap(recordedMetrics));
    return this.#recorded;
  }

  async reset(): Promise<void> {
    await this.collect();
    this.#recorded = [];
  }

  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }

  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}
