import type { AllQuery } from '@es/core';
import type { PostgresConnection, Statement } from './postgres-connection.ts';
import type { SqlNames } from './sql-names.ts';

/** What a query can be filtered by, each with an index that gives its events in the order of the log. */
export type FilterName = 'types' | 'aggregateTypes' | 'tenantId' | 'tags';

/** An event passes when any of the words is on it. */
export interface Filter {
  readonly name: FilterName;
  readonly words: readonly string[];
}

/** Which part of the log to look at, and about how many rows of it. */
export interface Window {
  readonly after: bigint;
  readonly end: bigint;
  readonly rows: number;
}

/** Positions at which matching events may stand: there is none elsewhere behind the start, up to and including `through`. */
export interface Candidates {
  /** In ascending order. */
  readonly positions: readonly string[];
  readonly through: bigint;
}

const sources: Record<FilterName, { readonly table: string; readonly column: string; readonly short: string }> = {
  tags: { table: 'event_tags', column: 'tag', short: 'tag' },
  tenantId: { table: 'events', column: 'tenant_id', short: 'tenant' },
  types: { table: 'events', column: 'type', short: 'type' },
  aggregateTypes: { table: 'events', column: 'aggregate_type', short: 'atype' },
};

/** The next positions of any of some words, in order. Parameters: the words; the position behind which; how many. */
export function nextPositions({ schema }: SqlNames, name: FilterName): string {
  const { table, column } = sources[name];
  return `SELECT next.position FROM unnest($1::text[]) AS word CROSS JOIN LATERAL (
  SELECT position FROM ${schema}.${table} AS entry
  WHERE entry.${column} = word AND position > $2 ORDER BY position LIMIT $3
) AS next ORDER BY next.position LIMIT $3`;
}

/** The filters of a query. Events must pass all of them, and carry every tag: hence each tag is a filter of its own. */
export function filtersOf({ types, aggregateTypes, tags = [], tenantId }: AllQuery): readonly Filter[] {
  return [
    ...tags.map((tag): Filter => ({ name: 'tags', words: [tag] })),
    ...(tenantId === undefined ? [] : [{ name: 'tenantId', words: [tenantId] } as const]),
    ...(types === undefined ? [] : [{ name: 'types', words: types } as const]),
    ...(aggregateTypes === undefined ? [] : [{ name: 'aggregateTypes', words: aggregateTypes } as const]),
  ];
}

/** Name of a statement about a filter. */
export function nameFor(prefix: string, filter: FilterName): string {
  return `${prefix}_${sources[filter].short}`;
}

/**
 * Finds where to look next, by the index of the filter that is the rarest hereabouts: the one whose next so many positions reach the furthest.
 *
 * Whatever the filters, this looks at no more than about `rows` entries of each index, so that a page never scans the log for long.
 */
export async function candidates(connection: PostgresConnection, filters: readonly Filter[], window: Window): Promise<Candidates> {
  const found = await Promise.all(filters.map((filter) => nextOf(connection, filter, window)));
  return found.reduce((rarest, other) => (isRarer(other, rarest) ? other : rarest));
}

async function nextOf(connection: PostgresConnection, { name, words }: Filter, { after, end, rows }: Window): Promise<Candidates> {
  const statement: Statement = {
    name: nameFor('es_scout', name),
    text: `SELECT array_agg(position ORDER BY position) FROM (${nextPositions(connection.names, name)}) AS next`,
  };
  const result = await connection.query('readAll', statement, [words, String(after), rows]);
  const [text] = result.rows[0] as readonly [string | null];
  const found = text === null ? [] : text.slice(1, -1).split(',');
  const positions = found.filter((position) => BigInt(position) <= end);
  return { positions, through: positions.length < rows ? end : BigInt(positions.at(-1) ?? end) };
}

function isRarer(one: Candidates, other: Candidates): boolean {
  return one.through === other.through ? one.positions.length < other.positions.length : one.through > other.through;
}
