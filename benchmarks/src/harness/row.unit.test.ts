import { describe, expect, test } from 'vitest';
import { type Finding, judge } from './row.ts';

const finding = (value: number, interval: [number, number]): Finding => ({
  measure: 'speed',
  clock: 'wall',
  value,
  interval,
  spread: interval,
  rounds: 7,
  operations: { count: 1, unit: 'events' },
  subject: { name: 'ours', wallMs: 1, cpuMs: 1, perSecond: 1 },
});

describe('judge', () => {
  test.each([
    ['at least', 0.5, 0.5, [0.5, 0.6], 'ok', true],
    ['at least', 0.5, 0.52, [0.48, 0.6], 'ok', false],
    ['at least', 0.5, 0.4, [0.3, 0.49], 'missed', true],
    ['at most', 3, 2.9, [2, 3.5], 'ok', false],
    ['at most', 3, 3.1, [3.05, 3.5], 'missed', true],
  ] as const)('%s %d: %d with %j is %s, certain: %s', (kind, bar, value, [low, high], verdict, certain) => {
    expect(judge({ kind, value: bar }, finding(value, [low, high]))).toEqual({ verdict, certain });
  });

  test('without a bar there is nothing to miss', () => {
    expect(judge(null, finding(0.1, [0, 1]))).toEqual({ verdict: 'no bar', certain: true });
  });
});
