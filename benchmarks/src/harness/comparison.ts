import { type RoundPlan, type Sample, type Side, takeRounds } from './rounds.ts';
import type { Finding, SideFigures } from './row.ts';
import { median, medianInterval, middleHalf } from './statistics.ts';

/** A comparison of two ways to do the same work. */
export interface Comparison extends RoundPlan {
  readonly subject: Side;
  readonly baseline: Side;
  readonly operations: Finding['operations'];
}

type Clock = 'wall' | 'cpu';

const timeOf = (sample: Sample, clock: Clock): number => (clock === 'wall' ? sample.wallMs : sample.cpuMs);

const ratios = (above: readonly Sample[], below: readonly Sample[], clock: Clock): number[] =>
  above.map((sample, round) => timeOf(sample, clock) / timeOf(below[round] ?? sample, clock));

const figures = (side: Side, samples: readonly Sample[], operations: number): SideFigures => {
  const wallMs = median(samples.map((sample) => sample.wallMs));
  return { name: side.name, wallMs, cpuMs: median(samples.map((sample) => sample.cpuMs)), perSecond: (operations / wallMs) * 1_000 };
};

const speedOf = ({ subject, baseline, operations, rounds }: Comparison, ours: readonly Sample[], theirs: readonly Sample[]): Finding => {
  const byRound = ratios(theirs, ours, 'wall');
  return {
    measure: 'speed',
    clock: 'wall',
    value: median(byRound),
    interval: medianInterval(byRound),
    spread: middleHalf(byRound),
    byOtherClock: median(ratios(theirs, ours, 'cpu')),
    rounds,
    operations,
    subject: figures(subject, ours, operations.count),
    baseline: figures(baseline, theirs, operations.count),
  };
};

/** How many times as fast the subject is as the baseline: the median over the rounds of one round's baseline time over its subject time. */
export const compareSpeed = async (comparison: Comparison): Promise<Finding> => {
  const [ours = [], theirs = []] = await takeRounds([comparison.subject, comparison.baseline], comparison);
  return speedOf(comparison, ours, theirs);
};

/** The same work on a log of some size. */
export interface SizedSide {
  readonly events: number;
  readonly side: Side;
}

/**
 * How much of its speed some work keeps as the log grows: that on the largest log over that on the smallest, and the time of one operation on
 * each.
 *
 * @param sides - From the smallest log to the largest, at least two.
 */
export const compareGrowth = async (
  sides: readonly SizedSide[],
  { operations, ...plan }: Omit<Comparison, 'subject' | 'baseline'>,
): Promise<Finding> => {
  const samples = await takeRounds(
    sides.map(({ side }) => side),
    plan,
  );
  const [smallest, largest] = [sides[0], sides.at(-1)];
  if (smallest === undefined || largest === undefined) throw new RangeError('No sizes, so no growth.');
  const comparison = { subject: largest.side, baseline: smallest.side, operations, ...plan };
  return {
    ...speedOf(comparison, samples.at(-1) ?? [], samples[0] ?? []),
    growth: sides.map(({ events }, index) => {
      const times = (samples[index] ?? []).map(({ wallMs }) => wallMs / operations.count);
      return { events, ms: median(times), interval: medianInterval(times) };
    }),
  };
};

const percentOver = (ratio: number): number => (ratio - 1) * 100;

/**
 * How much more CPU time than the baseline the subject takes, in percent. Small shares drown in noise, so a second side that does what the
 * baseline does takes turns with the two: what that seems to cost is how wrong the figure may be.
 *
 * @param control - Does what the baseline does, with objects of its own.
 */
export const compareCost = async ({
  subject,
  baseline,
  control,
  operations,
  ...plan
}: Comparison & { readonly control: Side }): Promise<Finding> => {
  const [ours = [], theirs = [], again = []] = await takeRounds([subject, baseline, control], plan);
  const byRound = ratios(ours, theirs, 'cpu').map(percentOver);
  return {
    measure: 'cost',
    clock: 'cpu',
    value: median(byRound),
    interval: medianInterval(byRound),
    spread: middleHalf(byRound),
    byOtherClock: percentOver(median(ratios(ours, theirs, 'wall'))),
    noise: medianInterval(ratios(again, theirs, 'cpu').map(percentOver)),
    rounds: plan.rounds,
    operations,
    subject: figures(subject, ours, operations.count),
    baseline: figures(baseline, theirs, operations.count),
  };
};
