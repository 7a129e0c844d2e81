import { describe, expect, test } from 'vitest';
import { median, medianInterval, middleHalf, quantile } from './statistics.ts';

const oneTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

describe('statistics', () => {
  test('a quantile lies between its neighbours, in any order of the values', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([10, 20], 0.25)).toBe(12.5);
    expect(median([9, 1, 5])).toBe(5);
    expect(middleHalf(oneTo(5))).toEqual([2, 4]);
    expect(() => median([])).toThrow(RangeError);
  });

  test('the interval of the median encloses it, is the same each time, and shrinks with more values', () => {
    const few = medianInterval(oneTo(9));
    const many = medianInterval(oneTo(900).map((value) => value / 100));
    expect(few[0]).toBeLessThan(5);
    expect(few[1]).toBeGreaterThan(5);
    expect(medianInterval(oneTo(9))).toEqual(few);
    expect(many[1] - many[0]).toBeLessThan(few[1] - few[0]);
  });
});
