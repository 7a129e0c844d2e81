import type { EventRecord } from '@es/core';

/** The columns of an event in the order of {@link EventRow}. */
export const EVENT_COLUMNS: string = [
  'position',
  'version',
  'id',
  'type',
  'schema_version',
  'tenant_id',
  'actor_id',
  'occurred_at',
  'recorded_at',
  'correlation_id',
  'causation_id',
  'traceparent',
  'tracestate',
  'tags',
  'metadata',
  'data',
].join(', ');

/** An event as SQLite gives it, without its stream: arrays cost less than objects, and the stream is often known. */
export type EventRow = readonly [
  position: number,
  version: number,
  id: string,
  type: string,
  schemaVersion: number,
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
    version: row[1],
    id: row[2],
    type: row[3],
    schemaVersion: row[4],
    tenantId: row[5],
    actorId: row[6],
    occurredAt: row[7],
    recordedAt: row[8],
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
