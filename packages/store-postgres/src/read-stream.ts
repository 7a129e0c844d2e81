import { type EventRecord, type StreamQuery, throwIfAborted } from '@es/core';
import { EVENT_COLUMNS, type EventRow, toRecord } from './event-row.ts';
import { PageSize } from './page-size.ts';
import type { PostgresConnection, Statement } from './postgres-connection.ts';
import type { SqlNames } from './sql-names.ts';

/** Parameters: aggregate id and type, first and last version, limit. */
export function streamStatements({ schema }: SqlNames): Record<StreamQuery['direction'], Statement> {
  const inStream = `SELECT ${EVENT_COLUMNS.join(', ')} FROM ${schema}.events
WHERE aggregate_id = $1 AND aggregate_type = $2 AND version BETWEEN $3::bigint AND $4::bigint ORDER BY version`;
  return {
    forward: { name: 'es_forward', text: `${inStream} LIMIT $5` },
    backward: { name: 'es_backward', text: `${inStream} DESC LIMIT $5` },
  };
}

/** Reads a stream by pages, each a query of its own that goes on where the last one ended: nothing stays open in between. */
export async function* readStream(
  connection: PostgresConnection,
  query: StreamQuery,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly EventRecord[], void> {
  const { aggregateType, aggregateId } = query.stream;
  const statement = streamStatements(connection.names)[query.direction];
  const size = new PageSize();
  let { fromVersion, toVersion, limit } = query;
  while (limit > 0 && fromVersion <= toVersion) {
    throwIfAborted(signal, 'PostgresEventStore.getEvents');
    const count = Math.min(limit, size.rows);
    const { rows } = await connection.query('getEvents', statement, [aggregateId, aggregateType, fromVersion, toVersion, count]);
    const page = (rows as EventRow[]).map((row) => toRecord(row, aggregateType, aggregateId));
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    limit -= page.length;
    if (page.length < count) return;
    if (query.direction === 'forward') fromVersion = last.version + 1;
    else toVersion = last.version - 1;
    size.learnFrom(page);
  }
}
