import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AllQuery, type EventRecord, throwIfAborted } from '@es/core';
import { EVENT_COLUMNS, type EventRow, toRecord } from './event-row.ts';
import { Filters } from './filters.ts';
import { newPageSize } from './page-bounds.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** The greatest position. */
export const SELECT_HEAD = 'SELECT max(position) FROM es_events';

/** Parameters: first position, exclusive; last, inclusive; limit. */
export const SELECT_RANGE: string = `
SELECT ${EVENT_COLUMNS}, aggregate_type, aggregate_id FROM es_events
WHERE position > ? AND position <= ? ORDER BY position LIMIT +?`;

const qualifiedColumns = EVENT_COLUMNS.replaceAll(/\w+/g, 'event.$&');

/** Of the events at some positions, those that pass every filter. A filter that is NULL lets everything through. */
export const SELECT_MATCHING: string = `
SELECT ${qualifiedColumns}, event.aggregate_type, event.aggregate_id
FROM json_each(@positions) AS candidate CROSS JOIN es_events AS event ON event.position = candidate.value
WHERE (@types IS NULL OR event.type IN (SELECT value FROM json_each(@types)))
  AND (@aggregateTypes IS NULL OR event.aggregate_type IN (SELECT value FROM json_each(@aggregateTypes)))
  AND (@tenantId IS NULL OR event.tenant_id = +@tenantId)
  AND NOT EXISTS (
    SELECT 1 FROM json_each(@tags) AS wanted
    WHERE NOT EXISTS (SELECT 1 FROM es_event_tags AS own WHERE own.tag = wanted.value AND own.position = event.position)
  )
ORDER BY event.position LIMIT +@limit`;

/* The index of each column is that of `EventRow`; behind them stands the stream. */
type LogRow = EventRow & { readonly 16: string; readonly 17: string };

/** A part of the log: its matching events, and the position up to which there are no others. */
interface Part {
  readonly page: readonly EventRecord[];
  readonly through: number;
}

/**
 * Reads the log by pages up to where it ended at the start, so that a reader slower than the writers comes to an end. Each page is a query of
 * its own, bounded in what it looks at, not only in what it finds; other work gets its turn before each next one.
 */
export async function* readAll(
  connection: SqliteConnection,
  query: AllQuery,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly EventRecord[], void> {
  const end = Math.min(
    await connection.read('readAll', () => headPosition(connection)),
    query.upTo === undefined ? Infinity : toNumber(query.upTo),
  );
  const filters = new Filters(query);
  const size = newPageSize();
  let { limit } = query;
  let after = toNumber(query.after);
  while (limit > 0 && after < end) {
    throwIfAborted(signal, 'SqliteEventStore.readAll');
    const bounds = { after, end, limit, rows: size.rows };
    const { page, through } = await connection.read('readAll', () =>
      filters.areNone ? readRange(connection, bounds) : readMatching(connection, query, filters, bounds),
    );
    if (page.length > 0) yield page;
    limit -= page.length;
    after = through;
    if (limit === 0 || after >= end) return;
    size.learnFrom(page);
    await nextTurn();
  }
}

/** The greatest position; 0 for an empty log. */
export function headPosition(connection: SqliteConnection): number {
  const [head] = connection.statement(SELECT_HEAD).get() as readonly [number | null];
  return head ?? 0;
}

interface Bounds {
  readonly after: number;
  readonly end: number;
  readonly limit: number;
  readonly rows: number;
}

function readRange(connection: SqliteConnection, { after, end, limit, rows }: Bounds): Part {
  const count = Math.min(limit, rows);
  const page = toRecords(connection.statement(SELECT_RANGE).all(after, end, count));
  return { page, through: page.length < count ? end : Number(page.at(-1)?.position) };
}

function readMatching(connection: SqliteConnection, query: AllQuery, filters: Filters, { after, end, limit, rows }: Bounds): Part {
  const { positions, through } = filters.next(connection, { after, end, rows });
  const found = connection.statement(SELECT_MATCHING).all({
    positions: JSON.stringify(positions),
    types: json(query.types),
    aggregateTypes: json(query.aggregateTypes),
    tags: json(query.tags),
    tenantId: query.tenantId ?? null,
    limit,
  });
  return { page: toRecords(found), through };
}

function toRecords(rows: readonly unknown[]): EventRecord[] {
  return (rows as readonly LogRow[]).map((row) => toRecord(row, row[16], row[17]));
}

function json(words: readonly string[] | undefined): string | null {
  return words === undefined ? null : JSON.stringify(words);
}

/** SQLite's positions are far from the end of the safe integers, so that a greater one means: behind everything. */
function toNumber(position: bigint): number {
  return position > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(position);
}
