import { describe, expect, test } from 'vitest';
import { growthPlot } from './growth-plot.ts';
import type { Finding, GrowthPoint, Row } from './row.ts';

const finding = (growth: readonly GrowthPoint[] | undefined): Finding => ({
  measure: 'speed',
  clock: 'wall',
  value: 1,
  interval: [1, 1],
  spread: [1, 1],
  rounds: 2,
  operations: { count: 1, unit: 'appends' },
  subject: { name: 'ours', wallMs: 1, cpuMs: 1, perSecond: 1 },
  ...(growth === undefined ? {} : { growth }),
});

const row = (title: string, growth?: readonly GrowthPoint[]): Row => ({
  id: title,
  group: 'g',
  title,
  bar: null,
  verdict: 'no bar',
  certain: true,
  finding: finding(growth),
  seconds: 1,
});

const heightsOf = (svg = ''): readonly number[] => [...svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].map(([, y]) => Number(y));
const placesOf = (svg = ''): readonly number[] => [...svg.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));

describe('the plot of growth', () => {
  const points = [
    { events: 10, ms: 1, interval: [0.9, 1.2] },
    { events: 100, ms: 3, interval: [2, 4] },
    { events: 1_000, ms: 9, interval: [8, 10] },
  ] as const;

  test('has each measured point, where both axes are logarithmic', () => {
    const plot = growthPlot([row('1 event & more', points), row('no growth')]);
    const [first = 0, second = 0, third = 0, ...others] = heightsOf(plot);
    expect(others).toEqual([]);
    expect(first - second).toBeCloseTo(second - third, 1);
    expect(first).toBeGreaterThan(second);
    const [left = 0, middle = 0, right = 0] = placesOf(plot);
    expect(middle - left).toBeCloseTo(right - middle, 1);
    for (const text of ['>1 event &amp; more<', '>1 ms<', '>3 ms<', '>9 ms<', '>1,000<']) expect(plot).toContain(text);
  });

  test('is none where nothing of the kind was measured', () => {
    expect(growthPlot([row('no growth')])).toBeUndefined();
  });
});
