import { type AppendRequest, type ExpectedVersion, exactVersion, InvalidArgumentError, type NewEventRecord } from '@es/core';
import { EVENT_PARAMETERS } from './event-columns.ts';

/** What the functions that append make of an append. */
export const APPENDED = 1;
export const REFUSED = 2;

const anyVersion = -1;
const streamExists = -2;

/** The number by which the functions know an expectation. */
export function expectedNumber(expected: ExpectedVersion): number {
  return exactVersion(expected) ?? (expected === 'any' ? anyVersion : streamExists);
}

const columnOf: Record<(typeof EVENT_PARAMETERS)[number][0], (record: NewEventRecord) => string | number | null> = {
  id: (record) => record.id,
  type: (record) => record.type,
  schema_version: (record) => record.schemaVersion,
  occurred_at: (record) => timestamp(record.occurredAt),
  correlation_id: (record) => record.correlationId,
  causation_id: (record) => record.causationId,
  tenant_id: (record) => record.tenantId,
  actor_id: (record) => record.actorId,
  traceparent: (record) => record.traceparent,
  tracestate: (record) => record.tracestate,
  tags: (record) => (record.tags === null ? null : arrayText(record.tags)),
  metadata: (record) => record.metadata,
};

const columns = EVENT_PARAMETERS.map(([name]) => columnOf[name]);

/** The parameters of records, one array a column: `null` where no record has anything. */
export function columnValues(records: readonly NewEventRecord[]): (string | null)[] {
  return columns.map((value) => {
    const values = records.map(value);
    return values.every((one) => one === null) ? null : arrayText(values);
  });
}

/** The data of records as one JSON array: it goes to the server without being escaped once more. */
export function dataArray(records: readonly NewEventRecord[]): string {
  return `[${records.map(({ data }) => data).join(',')}]`;
}

/**
 * An array in PostgreSQL's own notation.
 *
 * @throws InvalidArgumentError when a text holds a NUL character or half of a surrogate pair, which PostgreSQL can't store as they are.
 */
export function arrayText(values: readonly (string | number | null)[]): string {
  return `{${values.map(element).join(',')}}`;
}

function element(value: string | number | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  assertText(value);
  return `"${/["\\]/.test(value) ? value.replaceAll(/["\\]/g, '\\$&') : value}"`;
}

/** @throws InvalidArgumentError when a text can't be stored as it is. */
export function assertText(text: string): void {
  if (text.isWellFormed() && !text.includes('\0')) return;
  throw new InvalidArgumentError(
    `PostgreSQL can't store ${JSON.stringify(text)}: ids, types, tenants and tags may hold no NUL character and no half of a surrogate pair. (In data and metadata they may.)`,
  );
}

/** Years of more than four digits, and those before the year 0, are not written alike by JavaScript and PostgreSQL. */
function timestamp(iso: string): string {
  const match = /^([+-]\d{6}|\d{4})(-.*)Z$/.exec(iso);
  const year = Number(match?.[1]);
  if (match === null || (year > 0 && year <= 9_999)) return iso;
  const digits = String(year > 0 ? year : 1 - year).padStart(4, '0');
  return `${digits}${match[2]}Z${year > 0 ? '' : ' BC'}`;
}

/** The parameters of `append_events()`. @throws InvalidArgumentError when a text can't be stored. */
export function valuesOf(requests: readonly AppendRequest[], lockTimeoutMs: number): unknown[] {
  const records = requests.flatMap((request) => request.records);
  for (const { stream } of requests) {
    assertText(stream.aggregateType);
    assertText(stream.aggregateId);
  }
  return [
    arrayText(requests.map(({ stream }) => stream.aggregateType)),
    arrayText(requests.map(({ stream }) => stream.aggregateId)),
    arrayText(requests.map(({ expectedVersion }) => expectedNumber(expectedVersion))),
    lockTimeoutMs,
    arrayText(requests.flatMap((request, index) => request.records.map(() => index + 1))),
    arrayText(requests.flatMap((request) => request.records.map((_, index) => index + 1))),
    ...columnValues(records),
    dataArray(records),
  ];
}

/** The parameters of `append_event()`, for an append of one event. @throws InvalidArgumentError when a text can't be stored. */
export function valuesOfOne({ stream, expectedVersion }: AppendRequest, record: NewEventRecord, lockTimeoutMs: number): unknown[] {
  const { aggregateType, aggregateId } = stream;
  const values = columns.map((value) => value(record));
  for (const value of [aggregateType, aggregateId, ...values]) if (typeof value === 'string') assertText(value);
  return [aggregateType, aggregateId, expectedNumber(expectedVersion), lockTimeoutMs, ...values, record.data];
}

/** Roughly how many bytes a request has on the wire. */
export function sizeOf({ records }: AppendRequest): number {
  let size = 0;
  for (const { data, metadata } of records) size += data.length + (metadata?.length ?? 0);
  return size;
}
