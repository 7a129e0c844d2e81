import { attributesOf, type OtlpMetric, type ServiceMetric } from '@es-internal/services/otlp';

/** What to show of the metrics' attributes: which destination, group, partition, handler it is about. */
const shown = [
  'db.operation.name',

  'messaging.destination.name',
  'messaging.consumer.group.name',
  'messaging.destination.partition.id',
  'eventsource.handler.name',
];

/** Every point of every metric, one a line: the service, the name, the value with its unit, what it is about. */
export function metricLines(metrics: readonly ServiceMetric[]): string[] {
  return metrics
    .flatMap(({ service, metric }) =>
      points(metric).map(({ value, attributes }) => {
        const about = shown.flatMap((key) => (attributes[key] === undefined ? [] : [String(attributes[key])])).join(' ');
        return `${service.padEnd(8)} ${metric.name.padEnd(38)} ${value.padEnd(22)} ${about}`.trimEnd();
      }),
    )
    .toSorted();
}

function points({ unit, sum, gauge, histogram }: OtlpMetric): { value: string; attributes: ReturnType<typeof attributesOf> }[] {
  const numbers = [...(sum?.dataPoints ?? []), ...(gauge?.dataPoints ?? [])].map((point) => ({
    value: `${point.asInt ?? point.asDouble ?? 0} ${unit}`,
    attributes: attributesOf(point),
  }));
  const distributions = (histogram?.dataPoints ?? []).map((point) => ({
    value: `${point.count} × ${((point.sum ?? 0) / Math.max(Number(point.count), 1)).toPrecision(2)} ${unit}`,
    attributes: attributesOf(point),
  }));
  return [...numbers, ...distributions];
}
