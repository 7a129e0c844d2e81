import { describe, expect, test } from 'vitest';
import { barText, rangeText, valueText, verdictText } from './figures.ts';
import type { Row } from './row.ts';

const row = (verdict: Row['verdict'], certain: boolean): Row => ({
  id: 'x',
  group: 'g',
  title: 't',
  bar: { kind: 'at least', value: 0.5 },
  verdict,
  certain,
  finding: null,
  seconds: 1,
});

describe('figures', () => {
  test('have their unit and sign', () => {
    expect(valueText(0.456, 'speed')).toBe('0.46 ×');
    expect(valueText(2.04, 'cost')).toBe('+2.0 %');
    expect(valueText(-2.06, 'cost')).toBe('−2.1 %');
    expect(valueText(39.6, 'memory')).toBe('40 MiB');
    expect(valueText(4.96, 'latency')).toBe('5.0 ms');
    expect(rangeText([-1, 2], 'cost')).toBe('−1.0 % … +2.0 %');
  });

  test('bars say their direction', () => {
    expect(barText({ kind: 'at least', value: 3 }, 'speed')).toBe('≥ 3.00 ×');
    expect(barText({ kind: 'at most', value: 15 }, 'cost')).toBe('≤ 15.0 %');
    expect(barText(null, 'cost')).toBe('–');
  });

  test('a verdict that the noise could turn says so', () => {
    expect(verdictText(row('ok', true))).toBe('ok');
    expect(verdictText(row('missed', false))).toBe('missed, within noise');
    expect(verdictText({ ...row('no bar', true), bar: null })).toBe('–');
    expect(verdictText(row('did not run', true))).toBe('did not run');
  });
});
