import type { Range } from './statistics.ts';

/**
 * What a row's value means.
 *
 * - `speed`: how many times as fast as the baseline; 1 is as fast.
 * - `cost`: how much more than the baseline it takes, in percent; 0 is nothing.
 * - `memory`: megabytes (MiB) over the process's base.
 * - `latency`: milliseconds that one operation takes.
 */
export type Measure = 'speed' | 'cost' | 'memory' | 'latency';

/** What a value must reach, or must not exceed. */
export interface Bar {
  readonly kind: 'at least' | 'at most';
  readonly value: number;
}

/** One side of a comparison: the medians of its rounds. */
export interface SideFigures {
  readonly name: string;
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Operations a second, by the wall clock. */
  readonly perSecond: number;
}

/** What the two sides of a row are called. */
export type Sides = readonly [subject: string, baseline: string];

/** What one operation takes where there is so much already. */
export interface GrowthPoint {
  /** Events in the log. */
  readonly events: number;
  /** Median of the rounds. */
  readonly ms: number;
  /** 95 % interval of that. */
  readonly interval: Range;
}

/** What was measured, before it is held against a bar. */
export interface Finding {
  readonly measure: Measure;
  /** Which clock the value is taken from. */
  readonly clock: 'wall' | 'cpu' | 'none';
  readonly value: number;
  /** 95 % interval of the value. */
  readonly interval: Range;
  /** Where the middle half of the rounds lies. */
  readonly spread: Range;
  /** The value by the other clock, where there is one. */
  readonly byOtherClock?: number;
  /** What the same comparison says of the baseline and itself: the noise. */
  readonly noise?: Range;
  readonly rounds: number;
  /** What a round consists of, such as 20,000 events. */
  readonly operations: { readonly count: number; readonly unit: string };
  readonly subject: SideFigures;
  readonly baseline?: SideFigures;
  /** The same work on logs of several sizes, from the smallest, which is the baseline, to the largest, the subject. */
  readonly growth?: readonly GrowthPoint[];
}

/** How a finding stands to its bar. */
export type Verdict = 'ok' | 'missed' | 'no bar' | 'did not run';

/** One line of the report. */
export interface Row {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly bar: Bar | null;
  readonly sides?: Sides;
  readonly verdict: Verdict;
  /** Whether all of the interval lies on the verdict's side of the bar. */
  readonly certain: boolean;
  readonly finding: Finding | null;
  /** What the row took altogether, in seconds. */
  readonly seconds: number;
  /** Why it did not run. */
  readonly reason?: string;
}

const meets = (bar: Bar, value: number): boolean => (bar.kind === 'at least' ? value >= bar.value : value <= bar.value);

/** Holds a finding against a bar: by its value, and whether its whole interval agrees. */
export const judge = (bar: Bar | null, finding: Finding): Pick<Row, 'verdict' | 'certain'> => {
  if (bar === null) return { verdict: 'no bar', certain: true };
  const ok = meets(bar, finding.value);
  return { verdict: ok ? 'ok' : 'missed', certain: finding.interval.every((end) => meets(bar, end) === ok) };
};
