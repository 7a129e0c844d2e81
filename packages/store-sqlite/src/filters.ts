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
class Filter {
  readonly #sql: string;
  readonly #words: readonly string[];
  /** How far to look for each word; learnt on the way, since some words may stand everywhere and others nowhere. */
  #rowsPerWord = 1;

  constructor(sql: string, words: readonly string[]) {
    this.#sql = sql;
    this.#words = words;
  }

  /** The next positions at which one of the words stands. */
  next(connection: SqliteConnection, { after, end, rows }: Window): Candidates {
    const statement = connection.statement(this.#sql);
    const count = Math.min(rows, Math.max(this.#rowsPerWord, Math.ceil(rows / this.#words.length)));
    let through = end;
    const found = this.#words.flatMap((word) => {
      const [text] = statement.get(word, after, end, count) as readonly [string];
      const next: readonly number[] = JSON.parse(text);
      // A word that may have more to come is known only up to here.
      if (next.length === count) through = Math.min(through, next.at(-1) ?? end);
      return next;
    });
    const positions = found.filter((position) => position <= through).sort((a, b) => a - b);
    this.#rowsPerWord = Math.ceil((count * rows) / Math.max(1, positions.length));
    return { positions, through };
  }
}

/** The filters of one read. */
export class Filters {
  readonly #filters: readonly Filter[];

  constructor({ types, aggregateTypes, tags = [], tenantId }: AllQuery) {
    this.#filters = [
      ...tags.map((tag) => new Filter(NEXT_WITH_TAG, [tag])),
      ...(tenantId === undefined ? [] : [new Filter(NEXT_OF_TENANT, [tenantId])]),
      ...(types === undefined ? [] : [new Filter(NEXT_OF_TYPE, types)]),
      ...(aggregateTypes === undefined ? [] : [new Filter(NEXT_OF_AGGREGATE_TYPE, aggregateTypes)]),
    ];
  }

  /** Whether everything passes. */
  get areNone(): boolean {
    return this.#filters.length === 0;
  }

  /**
   * Finds where to look next, by the index of the filter that is the rarest hereabouts: the one whose next so many positions reach the
   * furthest. This looks at about `rows` entries of each index, so that it never holds the event loop for long, whatever is asked for.
   */
  next(connection: SqliteConnection, window: Window): Candidates {
    return this.#filters
      .map((filter) => filter.next(connection, window))
      .reduce((rarest, other) => (isRarer(other, rarest) ? other : rarest));
  }
}

function isRarer(one: Candidates, other: Candidates): boolean {
  return one.through === other.through ? one.positions.length < other.positions.length : one.through > other.through;
}
