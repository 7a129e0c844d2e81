import type { RecordedDistribution, RecordedMetric, RecordedPoint } from './recorded-metric.ts';
import type { RecordedAttributes } from './recorded-span.ts';

/** Adds what was recorded since the last collection to what is there: sums and distributions add up, gauges are replaced. */
export function mergeMetrics(before: readonly RecordedMetric[], since: readonly RecordedMetric[]): RecordedMetric[] {
  const merged = new Map(before.map((metric) => [metricKey(metric), metric]));
  for (const metric of since) {
    const known = merged.get(metricKey(metric));
    merged.set(
      metricKey(metric),
      known === undefined ? metric : { ...metric, points: mergePoints(metric.kind, known.points, metric.points) },
    );
  }
  return [...merged.values()];
}

function mergePoints(kind: RecordedMetric['kind'], before: readonly RecordedPoint[], since: readonly RecordedPoint[]): RecordedPoint[] {
  const merged = new Map(before.map((point) => [attributesKey(point.attributes), point]));
  for (const point of since) {
    const known = merged.get(attributesKey(point.attributes));
    merged.set(attributesKey(point.attributes), known === undefined || kind === 'gauge' ? point : add(known, point));
  }
  return [...merged.values()];
}

function add(a: RecordedPoint, b: RecordedPoint): RecordedPoint {
  const value = a.value + b.value;
  if (a.distribution === undefined || b.distribution === undefined) return { attributes: a.attributes, value };
  return { attributes: a.attributes, value, distribution: addDistributions(a.distribution, b.distribution) };
}

function addDistributions(a: RecordedDistribution, b: RecordedDistribution): RecordedDistribution {
  return {
    count: a.count + b.count,
    min: Math.min(a.min ?? Number.POSITIVE_INFINITY, b.min ?? Number.POSITIVE_INFINITY),
    max: Math.max(a.max ?? Number.NEGATIVE_INFINITY, b.max ?? Number.NEGATIVE_INFINITY),
    boundaries: a.boundaries,
    counts: a.counts.map((count, index) => count + (b.counts[index] ?? 0)),
  };
}

function metricKey({ name, kind, scope }: RecordedMetric): string {
  return JSON.stringify([scope.name, scope.version, name, kind]);
}

function attributesKey(attributes: RecordedAttributes): string {
  return JSON.stringify(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}
