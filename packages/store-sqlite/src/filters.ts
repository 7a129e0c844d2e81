import type { AllQuery } from '@es/core';
import type { SqliteConnection } from './sqlite-connection.ts';

/* Each gives, in one value, the next positions at which a word stands. Parameters: the word; positions exclusive and inclusive; how many. */
const next = (table: string, column: string): string => `
SELECT json_group_array(position) FROM (
  SELECT position FROM ${table} WHERE ${column} = +? AND position > ? AND position <= ? ORDER BY position LIMIT +?
)`;

/** The next events of a type. */
export const NEXT_OF_TYPE: string = next('es_events INDEXED BY es_events_type', 'type');
/** The next events of a type of aggregate. */
export const NEXT_OF_AGGREGATE_TYPE: string = next('es_events INDEXED BY es_events_aggregate_type', 'aggregate_type');
/** The next events of a tenant. */
export const NEXT_OF_TENANT: string = next('es_events INDEXED BY es_events_tenant', 'tenant_id');
/** The next events with a tag. */
export const NEXT_WITH_TAG: string = next('es_event_tags', 'tag');

/** Positions at which matching events may stand: there is none elsewhere behind the start, up to and including `through`. */
export interface Candidates {
  /** In ascending order. */
  readonly positions: readonly number[];
  readonly through: number;
}

/** Which part of the log to look at, and about how many rows of it. */
export interface Window {
  readonly after: number;
  readonly end: number;
  readonly rows: number;
}

/** An event passes when any of the words is on it. */
interface Filter {
  readonly sql: string;
  readonly words: readonly string[];
}

/** Tells whether a query leaves anything out. */
export function hasFilter(query: AllQuery): boolean {
  return filtersOf(query).length > 0;
}

/**
 * Finds where to look next, by the index of the filter that is the rarest hereabouts: the one whose next so many positions reach the furthest.
 *
 * Whatever the filters, this looks at no more than about `rows` entries of each index, so that a page never scans the log for long.
 */
export function candidates(connection: SqliteConnection, query: AllQuery, window: Window): Candidates {
  return filtersOf(query)
    .map((filter) => nextOf(connection, filter, window))
    .reduce((rarest, other) => (isRarer(other, rarest) ? other : rarest));
}

function filtersOf({ types, aggregateTypes, tags = [], tenantId }: AllQuery): readonly Filter[] {
  return [
    ...tags.map((tag) => ({ sql: NEXT_WITH_TAG, words: [tag] })),
    ...(tenantId === undefined ? [] : [{ sql: NEXT_OF_TENANT, words: [tenantId] }]),
    ...(types === undefined ? [] : [{ sql: NEXT_OF_TYPE, words: types }]),
    ...(aggregateTypes === undefined ? [] : [{ sql: NEXT_OF_AGGREGATE_TYPE, words: aggregateTypes }]),
  ];
}

function nextOf(connection: SqliteConnection, { sql, words }: Filter, { after, end, rows }: Window): Candidates {
  const statement = connection.statement(sql);
  const count = Math.ceil(rows / words.length);
  let through = end;
  const positions = words.flatMap((word) => {
    const [text] = statement.get(word, after, end, count) as readonly [string];
    const found: readonly number[] = JSON.parse(text);
    // A word with more to come is known only up to here.
    if (found.length === count) through = Math.min(through, found.at(-1) ?? end);
    return found;
  });
  return { positions: positions.filter((position) => position <= through).sort((a, b) => a - b), through };
}

function isRarer(one: Candidates, other: Candidates): boolean {
  return one.through === other.through ? one.positions.length < other.positions.length : one.through > other.through;
}
