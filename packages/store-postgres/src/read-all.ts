import { type AllQuery, type EventRecord, throwIfAborted } from '@es/core';
import { EVENT_COLUMNS, type EventRow, toRecord } from './event-row.ts';
import { candidates, type Filter, type FilterName, filtersOf, nameFor, nextPositions, type Window } from './filters.ts';
import { newPageSize } from './page-bounds.ts';
import type { PostgresConnection, Statement } from './postgres-connection.ts';
import type { SqlNames } from './sql-names.ts';

const columns = `${EVENT_COLUMNS.join(', ')}, aggregate_type, aggregate_id`;

/* The index of each column is that of `EventRow`; behind them stands the stream. */
type LogRow = EventRow & { readonly 16: string; readonly 17: string };

/** The greatest position. */
export function selectHead({ schema }: SqlNames): Statement {
  return { name: 'es_head', text: `SELECT coalesce(max(position), 0) FROM ${schema}.events` };
}

/**
 * Parameters: first position, exclusive; limit. There is no upper bound: between two bounds that it does not know yet the planner expects so few
 * rows that it would rather sort them all.
 */
export function selectNext({ schema }: SqlNames): Statement {
  return { name: 'es_next', text: `SELECT ${columns} FROM ${schema}.events WHERE position > $1 ORDER BY position LIMIT $2` };
}

/** The next events that pass one filter. Parameters as of {@link nextPositions}. */
export function selectNextOf(names: SqlNames, filter: FilterName): Statement {
  return {
    name: nameFor('es_next', filter),
    text: `SELECT ${columns} FROM ${names.schema}.events WHERE position = ANY (ARRAY(${nextPositions(names, filter)})) ORDER BY position`,
  };
}

/** Of the events at some positions, those that pass every filter. A filter that is NULL lets everything through. */
function selectMatching({ schema }: SqlNames): Statement {
  return {
    name: 'es_matching',
    text: `SELECT ${columns} FROM ${schema}.events
WHERE position = ANY ($1::bigint[])
  AND ($2::text[] IS NULL OR type = ANY ($2)) AND ($3::text[] IS NULL OR aggregate_type = ANY ($3))
  AND ($4::text[] IS NULL OR tags @> $4) AND ($5::text IS NULL OR tenant_id = $5)
ORDER BY position LIMIT $6`,
  };
}

/** A part of the log: its matching events, and the position up to which there are no others. */
interface Part {
  readonly page: readonly EventRecord[];
  readonly through: bigint;
}

/**
 * Reads the log by pages up to where it ended at the start, so that a reader slower than the writers comes to an end. Each page is a query of
 * its own, bounded in what it looks at, not only in what it finds.
 */
export async function* readAll(
  connection: PostgresConnection,
  query: AllQuery,
  signal: AbortSignal | undefined,
): AsyncGenerator<readonly EventRecord[], void> {
  throwIfAborted(signal, 'PostgresEventStore.readAll');
  const end = smaller(await headPosition(connection, 'readAll'), query.upTo);
  const readPart = partReader(connection, query);
  const size = newPageSize();
  let { limit, after } = query;
  while (limit > 0 && after < end) {
    throwIfAborted(signal, 'PostgresEventStore.readAll');
    const { page, through } = await readPart({ after, end, rows: size.rows }, limit);
    if (page.length > 0) yield page;
    limit -= page.length;
    after = through;
    size.learnFrom(page);
  }
}

/** The greatest position; 0 for an empty log. */
export async function headPosition(connection: PostgresConnection, operation: string): Promise<bigint> {
  const { rows } = await connection.query(operation, selectHead(connection.names));
  const [head] = rows[0] as readonly [string];
  return BigInt(head);
}

type ReadPart = (window: Window, limit: number) => Promise<Part>;

function partReader(connection: PostgresConnection, query: AllQuery): ReadPart {
  const filters = filtersOf(query);
  const [filter] = filters;
  if (filter === undefined) return (window, limit) => readNext(connection, selectNext(connection.names), [], window, limit);
  if (filters.length > 1) return (window, limit) => readMatching(connection, query, filters, window, limit);
  return (window, limit) => readNext(connection, selectNextOf(connection.names, filter.name), [filter.words], window, limit);
}

async function readNext(
  connection: PostgresConnection,
  statement: Statement,
  words: readonly unknown[],
  { after, end, rows }: Window,
  limit: number,
): Promise<Part> {
  const count = Math.min(limit, rows);
  const { rows: found } = await connection.query('readAll', statement, [...words, String(after), count]);
  const page = toRecords(found).filter(({ position }) => position <= end);
  return { page, through: page.length < count ? end : (page.at(-1)?.position ?? end) };
}

async function readMatching(
  connection: PostgresConnection,
  query: AllQuery,
  filters: readonly Filter[],
  window: Window,
  limit: number,
): Promise<Part> {
  const { positions, through } = await candidates(connection, filters, window);
  if (positions.length === 0) return { page: [], through };
  const { types, aggregateTypes, tags, tenantId } = query;
  const values = [positions, types ?? null, aggregateTypes ?? null, tags ?? null, tenantId ?? null, limit];
  const result = await connection.query('readAll', selectMatching(connection.names), values);
  return { page: toRecords(result.rows), through };
}

function toRecords(rows: readonly unknown[]): EventRecord[] {
  return (rows as readonly LogRow[]).map((row) => toRecord(row, row[16], row[17]));
}

function smaller(one: bigint, other: bigint | undefined): bigint {
  return other === undefined || one < other ? one : other;
}
