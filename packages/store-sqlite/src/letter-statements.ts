import type { DeadLetterFilter } from '@es/core';

/** The statements about dead letters that match a filter, whose values are their first parameters. */
export interface LetterStatements {
  /** The next in order of ids. Parameters: the values; the id behind which; how many. */
  readonly list: string;
  readonly count: string;
  readonly purge: string;
  readonly values: readonly string[];
}

/** Makes conditions only of what is asked for, so that SQLite can use its index. */
export function letterStatements({ source, handler }: DeadLetterFilter): LetterStatements {
  const wanted = Object.entries({ source, handler }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const matching = `FROM es_dead_letters WHERE ${['TRUE', ...wanted.map(([column]) => `${column} = ?`)].join(' AND ')}`;
  return {
    list: `SELECT letter ${matching} AND id > ? ORDER BY id LIMIT ?`,
    count: `SELECT count(*) ${matching}`,
    purge: `DELETE ${matching}`,
    values: wanted.map(([, value]) => value),
  };
}
