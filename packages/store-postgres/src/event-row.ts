import type { EventRecord } from '@es/core';

/** The columns of an event in the order of {@link EventRow}. Times come as milliseconds since 1970, whatever the session's time zone. */
export const EVENT_COLUMNS: readonly string[] = [
  'position',
  'version',
  'id',
  'type',
  'schema_version',
  'tenant_id',
  'actor_id',
  "date_part('epoch', occurred_at) * 1000",
  "date_part('epoch', recorded_at) * 1000",
  'correlation_id',
  'causation_id',
  'traceparent',
  'tracestate',
  'to_json(tags)',
  'metadata',
  'data',
];

/** An event as it comes over the wire, without its stream: all text. */
export type EventRow = readonly [
  position: string,
  version: string,
  id: string,
  type: string,
  schemaVersion: string,
  tenantId: string | null,
  actorId: string | null,
  occurredAt: string,
  recordedAt: string,
  correlationId: string,
  causationId: string,
  traceparent: string | null,
  tracestate: string | null,
  tags: string | null,
  metadata: string | null,
  data: string,
];

/** Makes the record of a row. */
export function toRecord(row: EventRow, aggregateType: string, aggregateId: string): EventRecord {
  const tags: readonly string[] | null = row[13] === null ? null : JSON.parse(row[13]);
  return {
    position: BigInt(row[0]),
    version: Number(row[1]),
    id: row[2],
    type: row[3],
    schemaVersion: Number(row[4]),
    tenantId: row[5],
    actorId: row[6],
    occurredAt: timeText(row[7]),
    recordedAt: timeText(row[8]),
    correlationId: row[9],
    causationId: row[10],
    traceparent: row[11],
    tracestate: row[12],
    tags,
    metadata: row[14],
    data: row[15],
    aggregateType,
    aggregateId,
  };
}

// Events come in bursts, and the events of one append share their times.
let lastMilliseconds = '';
let lastText = '';

function timeText(milliseconds: string): string {
  if (milliseconds !== lastMilliseconds) {
    lastMilliseconds = milliseconds;
    lastText = new Date(Math.round(Number(milliseconds))).toISOString();
  }
  return lastText;
}
