import type { AppendRequest, NewEventRecord } from '@es/core';
import type { SqliteConnection } from './sqlite-connection.ts';

/* One statement for several rows saves work for each, and is undone as a whole by SQLite itself when one of them fails. */
const rowsPerStatement = 16;

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
const row = `(${columns.map(() => '?').join(', ')})`;
/** The statement that inserts a number of rows is at the index of that number. */
const insertRows: readonly string[] = Array.from(
  { length: rowsPerStatement + 1 },
  (_, count) => `INSERT INTO es_events (${columns.join(', ')}) VALUES ${new Array(count).fill(row).join(', ')}`,
);
const insertTags = 'INSERT INTO es_event_tags (tag, position) SELECT value, ? FROM json_each(?)';

/** Tells whether {@link insertEvents} would take one statement, so that it is all or nothing by itself. */
export function isOneStatement(records: readonly NewEventRecord[]): boolean {
  return records.length <= rowsPerStatement && records.every(({ tags }) => tags === null);
}

/**
 * Inserts the events of an append behind a version.
 *
 * @returns the position of the last.
 */
export function insertEvents(connection: SqliteConnection, { stream, records }: AppendRequest, after: number, recordedAt: string): number {
  let position = 0;
  for (let start = 0; start < records.length; start += rowsPerStatement) {
    const part = records.slice(start, start + rowsPerStatement);
    const values: unknown[] = [];
    for (const [index, record] of part.entries()) {
      values.push(stream.aggregateType, stream.aggregateId, after + start + index + 1, recordedAt, ...valuesOf(record));
    }
    position = Number(connection.statement(insertRows[part.length] ?? '').run(...values).lastInsertRowid);
    for (const [index, { tags }] of part.entries()) {
      if (tags !== null) connection.statement(insertTags).run(position - part.length + 1 + index, JSON.stringify(tags));
    }
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
    record.tags === null ? null : JSON.stringify(record.tags),
    record.metadata,
    record.data,
  ];
}
