import type { AppendRequest, NewEventRecord } from '@es/core';
import type { SqliteConnection } from './sqlite-connection.ts';

const columns = [
  'aggregate_type',
  'aggregate_id',
  'version',
  'recorded_at',
  'id',
  'type',
  'schema_version',
  'tenant_id',
  'actor_id',
  'occurred_at',
  'correlation_id',
  'causation_id',
  'traceparent',
  'tracestate',
  'tags',
  'metadata',
  'data',
];
/* One row a statement: with several, SQLite keeps a journal to undo half a statement, which costs more than the calls that it saves. */
const insertEvent = `INSERT INTO es_events (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
const insertTags = 'INSERT INTO es_event_tags (tag, position) SELECT value, ? FROM json_each(?)';

/**
 * Inserts the events of an append.
 *
 * @param before - The version behind which they stand.
 * @returns the position of the last.
 */
export function insertEvents(connection: SqliteConnection, { stream, records }: AppendRequest, before: number, recordedAt: string): number {
  const statement = connection.statement(insertEvent);
  let version = before;
  let position = 0;
  for (const record of records) {
    version += 1;
    const tags = record.tags === null ? null : JSON.stringify(record.tags);
    const row = [stream.aggregateType, stream.aggregateId, version, recordedAt, ...valuesOf(record), tags, record.metadata, record.data];
    position = Number(statement.run(...row).lastInsertRowid);
    if (tags !== null) connection.statement(insertTags).run(position, tags);
  }
  return position;
}

function valuesOf(record: NewEventRecord): readonly unknown[] {
  return [
    record.id,
    record.type,
    record.schemaVersion,
    record.tenantId,
    record.actorId,
    record.occurredAt,
    record.correlationId,
    record.causationId,
    record.traceparent,
    record.tracestate,
  ];
}
