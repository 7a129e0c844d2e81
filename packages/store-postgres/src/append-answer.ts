/** What the functions that append answer. */
export interface AppendAnswer {
  readonly isHeard: boolean;
  /** The last position, or 0 where nothing was appended. */
  readonly last: bigint;
  /** For how long, in seconds, the appends waited for the log; 0 for not at all. */
  readonly waited: number;
  /** Of each append. */
  readonly verdicts: readonly number[];
  /** At which each stream stood before. */
  readonly versions: readonly number[];
}

/** Reads an answer from the one column of its row. */
export function toAnswer([text]: readonly [string], appends: number): AppendAnswer {
  const [isHeard, last = '0', waited, ...numbers] = text.slice(1, -1).split(',');
  return {
    isHeard: isHeard === '1',
    last: BigInt(last),
    waited: Number(waited) / 1_000_000,
    verdicts: numbers.slice(0, appends).map(Number),
    versions: numbers.slice(appends).map(Number),
  };
}
