import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventRecord, StreamQuery } from '@es/core';
import { EVENT_COLUMNS, type EventRow, toRecord } from './event-row.ts';
import { newPageSize } from './page-bounds.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

const inStream = `
SELECT ${EVENT_COLUMNS} FROM es_events INDEXED BY es_events_stream
WHERE aggregate_type = +? AND aggregate_id = +? AND version BETWEEN ? AND ?`;
/** Parameters: aggregate type and id, first and last version, limit. */
export const SELECT_FORWARD: string = `${inStream} ORDER BY version LIMIT +?`;
/** Parameters as of {@link SELECT_FORWARD}. */
export const SELECT_BACKWARD: string = `${inStream} ORDER BY version DESC LIMIT +?`;

/** Reads a stream by pages, each a query of its own, so that nothing stays open in between; other work gets its turn before each next page. */
export async function* readStream(connection: SqliteConnection, query: StreamQuery): AsyncGenerator<readonly EventRecord[], void> {
  const { aggregateType, aggregateId } = query.stream;
  const isForward = query.direction === 'forward';
  const sql = isForward ? SELECT_FORWARD : SELECT_BACKWARD;
  const size = newPageSize();
  let { fromVersion, toVersion, limit } = query;
  while (limit > 0 && fromVersion <= toVersion) {
    const count = Math.min(limit, size.rows);
    const page = await connection.read('getEvents', () => {
      const rows = connection.statement(sql).all(aggregateType, aggregateId, fromVersion, toVersion, count) as EventRow[];
      return rows.map((row) => toRecord(row, aggregateType, aggregateId));
    });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    limit -= page.length;
    if (page.length < count || limit === 0) return;
    if (isForward) fromVersion = last.version + 1;
    else toVersion = last.version - 1;
    size.learnFrom(page);
    await nextTurn();
  }
}
