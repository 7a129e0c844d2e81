import { isDeepStrictEqual } from 'node:util';

/** What a piece of work did, for the comparison with what it should have done: rows, versions, sums. */
export type Outcome = Readonly<Record<string, number>>;

/** One way of doing the work that is measured. */
export interface Side {
  readonly name: string;
  /** Makes what the next round needs; not timed. */
  readonly prepare?: () => unknown;
  /** One round of the work; timed. */
  readonly run: () => Promise<Outcome> | Outcome;
  /** Looks, after a round, whether elsewhere all is as it should be; not timed. */
  readonly check?: () => Promise<void>;
  /** CPU time so far, in milliseconds, of whatever does the work; default: that of this process. */
  readonly cpuMs?: () => Promise<number> | number;
}

/** What one round of one side took. */
export interface Sample {
  readonly wallMs: number;
  /** User and system time of all threads of the process that did the work: garbage collection and compilation too. */
  readonly cpuMs: number;
}

/** How often the sides take turns. */
export interface RoundPlan {
  readonly rounds: number;
  /** Rounds before those that count, for the compiler and the caches. */
  readonly warmUps: number;
  /** What every round of every side must have done. */
  readonly expected: Outcome;
}

/** The order of one round: who began last time goes last now, so that no side always has the other's garbage or cache before it. */
export const orderOf = <T>(sides: readonly T[], round: number): T[] => {
  const shift = round % sides.length;
  const rotated = [...sides.slice(shift), ...sides.slice(0, shift)];
  return Math.floor(round / sides.length) % 2 === 0 ? rotated : rotated.reverse();
};

/**
 * Runs the sides in turns, one round each.
 *
 * @returns the samples of each side, in the order of the sides: those at one index stem from one round and may be compared.
 * @throws when a round did not do what was expected: a wrong answer has no speed.
 */
export const takeRounds = async (sides: readonly Side[], plan: RoundPlan): Promise<readonly (readonly Sample[])[]> => {
  const samples = new Map<Side, Sample[]>(sides.map((side) => [side, []]));
  for (let round = -plan.warmUps; round < plan.rounds; round += 1) {
    for (const side of orderOf(sides, round + plan.warmUps)) {
      const sample = await takeSample(side, plan.expected);
      if (round >= 0) samples.get(side)?.push(sample);
    }
  }
  return [...samples.values()];
};

const takeSample = async (side: Side, expected: Outcome): Promise<Sample> => {
  await side.prepare?.();
  collectGarbage();
  const cpuTime = side.cpuMs ?? ownCpuMs;
  const cpuBefore = await cpuTime();
  const start = performance.now();
  const outcome = await side.run();
  const wallMs = performance.now() - start;
  const cpuMs = (await cpuTime()) - cpuBefore;
  if (!isDeepStrictEqual(outcome, expected)) {
    throw new Error(`${side.name} did ${JSON.stringify(outcome)} where ${JSON.stringify(expected)} was expected.`);
  }
  await side.check?.();
  return { wallMs, cpuMs };
};

const ownCpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** Each round begins without the garbage of the one before. */
export const collectGarbage = (): void => {
  if (globalThis.gc === undefined) throw new Error('Measuring needs `node --expose-gc`.');
  globalThis.gc();
};
