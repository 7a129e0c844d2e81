import { DataPointType, type Histogram, type MetricData, type ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { RecordedAttributes, RecordedScope } from './recorded-span.ts';

/** The distribution behind a point of a histogram. */
export interface RecordedDistribution {
  /** Number of values that were recorded. */
  readonly count: number;
  readonly min: number | undefined;
  readonly max: number | undefined;
  /** Upper bounds of the buckets, inclusive; one more bucket lies above the last. */
  readonly boundaries: readonly number[];
  /** Number of values in each bucket. */
  readonly counts: readonly number[];
}

/** All that was recorded with one set of attributes. */
export interface RecordedPoint {
  readonly attributes: RecordedAttributes;
  /** A counter's total, a gauge's last value, or the sum of a histogram's values; in the metric's unit. */
  readonly value: number;
  /** Only on points of histograms. */
  readonly distribution?: RecordedDistribution;
}

/** A metric in plain data, for assertions. */
export interface RecordedMetric {
  readonly name: string;
  readonly kind: 'counter' | 'up-down-counter' | 'gauge' | 'histogram';
  readonly unit: string;
  readonly description: string;
  readonly scope: RecordedScope;
  /** One for each set of attributes. */
  readonly points: readonly RecordedPoint[];
}

/** Copies what a metrics SDK collected from one scope into plain data. */
export function recordedMetrics({ scope, metrics }: ScopeMetrics): RecordedMetric[] {
  const { name, version, schemaUrl } = scope;
  return metrics.map((metric) => ({
    name: metric.descriptor.name,
    kind: kindOf(metric),
    unit: metric.descriptor.unit,
    description: metric.descriptor.description,
    scope: { name, version, schemaUrl },
    points: metric.dataPoints.map(({ attributes, value }) => ({ attributes, ...measured(value) })),
  }));
}

function kindOf(metric: MetricData): RecordedMetric['kind'] {
  if (metric.dataPointType === DataPointType.GAUGE) return 'gauge';
  if (metric.dataPointType === DataPointType.SUM) return metric.isMonotonic ? 'counter' : 'up-down-counter';
  return 'histogram';
}

type CollectedHistogram = Omit<Histogram, 'buckets'> & { readonly buckets?: Histogram['buckets'] };

function measured(value: number | CollectedHistogram): Omit<RecordedPoint, 'attributes'> {
  if (typeof value === 'number') return { value };
  const { sum = 0, count, min, max, buckets } = value;
  return { value: sum, distribution: { count, min, max, boundaries: buckets?.boundaries ?? [], counts: buckets?.counts ?? [] } };
}
