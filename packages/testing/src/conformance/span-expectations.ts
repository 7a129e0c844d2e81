import assert from 'node:assert/strict';
import { ATTR_DB_OPERATION_NAME, ATTR_DB_SYSTEM_NAME, ATTR_ERROR_TYPE, type Attributes, METRIC_DB_OPERATION_DURATION } from '@es/otel';
import type { RecordedMetric } from '../telemetry/recorded-metric.ts';
import type { RecordedSpan } from '../telemetry/recorded-span.ts';
import type { TelemetryRecorder } from '../telemetry/telemetry-recorder.ts';
import type { ExpectedTelemetry } from './expected-telemetry.ts';

/** Whether spans and metrics are those of a database. */
function hasDatabase(expected: ExpectedTelemetry): boolean {
  return expected.attributes?.[ATTR_DB_SYSTEM_NAME] !== undefined;
}

/** Expects a span to bear what all spans of the store bear, and these attributes with exactly these values (`undefined`: absent). */
export function spanCarries(span: RecordedSpan, expected: ExpectedTelemetry, operation: string, attributes: Attributes): void {
  assert.equal(span.kind, expected.kind, `kind of ${span.name}`);
  assert.equal(span.scope.name, expected.scope, `scope of ${span.name}`);
  assert.ok(span.scope.version, `the scope of ${span.name} has a version`);
  assert.ok(span.scope.schemaUrl, `the scope of ${span.name} has a schema URL`);
  const wanted: Attributes = {
    ...expected.attributes,
    ...(hasDatabase(expected) ? { [ATTR_DB_OPERATION_NAME]: operation } : {}),
    ...attributes,
  };
  const actual = Object.fromEntries(Object.keys(wanted).map((key) => [key, span.attributes[key]]));
  assert.deepEqual(actual, wanted, `attributes of ${span.name}`);
}

/** Expects what the contract says of success: status UNSET, no error type, no exception. */
export function spanSucceeded(span: RecordedSpan): void {
  assert.deepEqual(
    [span.status, span.attributes[ATTR_ERROR_TYPE], span.events],
    [{ code: 'UNSET' }, undefined, []],
    `outcome of ${span.name}`,
  );
}

/** Expects what the contract says of failure: status ERROR with the message, the type of the error, and the exception. */
export function spanFailed(span: RecordedSpan, errorType: string): void {
  assert.equal(span.status.code, 'ERROR', `status of ${span.name}`);
  assert.ok(span.status.message, `${span.name} has a status message`);
  assert.equal(span.attributes[ATTR_ERROR_TYPE], errorType, `error.type of ${span.name}`);
  assert.deepEqual(
    span.events.map((event) => event.name),
    ['exception'],
    `events of ${span.name}`,
  );
}

/** Expects the duration of a database operation to have been measured so often, in seconds, with this outcome. */
export async function operationWasTimed(
  recorder: TelemetryRecorder,
  expected: ExpectedTelemetry,
  operation: string,
  times: number,
  errorType?: string,
): Promise<void> {
  if (!hasDatabase(expected)) return;
  const metric = await recorder.metric(METRIC_DB_OPERATION_DURATION.name, expected.scope);
  assert.deepEqual([metric.kind, metric.unit], ['histogram', 's']);
  const points = metric.points.filter(
    ({ attributes }) => attributes[ATTR_DB_OPERATION_NAME] === operation && attributes[ATTR_ERROR_TYPE] === errorType,
  );
  assert.deepEqual(
    points.map((point) => point.distribution?.count),
    [times],
    `measured ${operation}, error type ${errorType}`,
  );
  assert.equal(points[0]?.attributes[ATTR_DB_SYSTEM_NAME], expected.attributes?.[ATTR_DB_SYSTEM_NAME]);
}

/** Expects that no metric carries one of these values: ids would make its cardinality grow without bounds. */
export function metricsAreFreeOf(metrics: readonly RecordedMetric[], values: readonly unknown[]): void {
  for (const { name, points } of metrics) {
    for (const { attributes } of points) {
      for (const [key, value] of Object.entries(attributes)) assert.ok(!values.includes(value), `${name} carries ${key}=${String(value)}`);
    }
  }
}
