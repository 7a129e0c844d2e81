import { type EventRecord, type StreamQuery, throwIfAborted } from '@es/core';
import { EVENT_COLUMNS, type EventRow, toRecord } from './event-row.ts';
import { newPageSize } from './page-bounds.ts';
import type { PostgresConnection, Statement } from './postgres-connection.ts';
import type { SqlNames } from './sql-names.ts';

/**
 * Parameters: aggregate id and type, the version at which to begin, limit. There is one bound alone: between two that it does not know yet the
 * planner expects so few rows that it would rather sort them all.
 */
export function streamStatements({ schema }: SqlNames): Record<StreamQuery['direction'], Statement> {
  const ofStream = `SELECT ${EVENT_COLUMNS.join(', ')} FROM ${schema}.events WHERE aggregate_id = $1 AND aggregate_type = $2`;
  return {
    forward: { name: 'es_forward', text: `${ofStream} AND version >= $3::bigint ORDER BY version LIMIT $4` },
    backward: { name: 'es_backward', text: `${ofStream} AND version <= $3::bigint ORDER BY version DESC LIMIT $4` },
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
  const size = newPageSize();
  const step = query.direction === 'forward' ? 1 : -1;
  const end = query.direction === 'forward' ? query.toVersion : query.fromVersion;
  let next = query.direction === 'forward' ? query.fromVersion : query.toVersion;
  let { limit } = query;
  while (limit > 0 && (end - next) * step >= 0) {
    throwIfAborted(signal, 'PostgresEventStore.getEvents');
    // A bound that is close needs no greater page.
    const count = Math.min(limit, size.rows, (end - next) * step + 1);
    const { rows } = await connection.query('getEvents', statement, [aggregateId, aggregateType, next, count]);
    const page = (rows as EventRow[])
      .map((row) => toRecord(row, aggregateType, aggregateId))
      .filter(({ version }) => (end - version) * step >= 0);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    limit -= page.length;
    if (page.length < count) return;
    next = last.version + step;
    size.learnFrom(page);
  }
}
