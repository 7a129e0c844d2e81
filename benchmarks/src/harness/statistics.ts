/** A range, its ends included. */
export type Range = readonly [low: number, high: number];

/** The value below which a share of the values lies, by linear interpolation. Throws for no values. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('No values, so no quantile.');
  return below + (above - below) * (place - Math.floor(place));
};

/** The middle value. Throws for no values. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** Where the middle half of the values lies. */
export const middleHalf = (values: readonly number[]): Range => [quantile(values, 0.25), quantile(values, 0.75)];

/** Numbers from 0 to 1 that are the same in every run (mulberry32), so that one set of measurements has one interval. */
const repeatableRandom = (): (() => number) => {
  let state = 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const resamples = 2_000;

/** The 95 % interval of the median, by the percentile bootstrap: what the median might as well have been, had other rounds been drawn. */
export const medianInterval = (values: readonly number[]): Range => {
  const random = repeatableRandom();
  const medians = Array.from({ length: resamples }, () =>
    median(values.map(() => values[Math.floor(random() * values.length)] ?? Number.NaN)),
  );
  return [quantile(medians, 0.025), quantile(medians, 0.975)];
};
