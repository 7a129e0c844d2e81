import { beforeAll, describe, expect, test } from 'vitest';
import { orderOf, type Side, takeRounds } from './rounds.ts';

const recording = (log: string[], name: string, outcome = { events: 1 }): Side => ({
  name,
  prepare: () => log.push(`prepare ${name}`),
  run: () => {
    log.push(name);
    return outcome;
  },
});

describe('rounds', () => {
  beforeAll(() => {
    globalThis.gc ??= (async () => undefined) as NonNullable<typeof globalThis.gc>;
  });

  test('every side begins as often as the others', () => {
    const orders = [0, 1, 2, 3].map((round) => orderOf(['a', 'b'], round).join(''));
    expect(orders).toEqual(['ab', 'ba', 'ba', 'ab']);
    const firsts = Array.from({ length: 6 }, (_, round) => orderOf(['a', 'b', 'c'], round)[0]);
    expect(firsts.sort((a, b) => String(a).localeCompare(String(b))).join('')).toBe('aabbcc');
  });

  test('the sides take turns, and warming up does not count', async () => {
    const log: string[] = [];
    const [first, second] = await takeRounds([recording(log, 'a'), recording(log, 'b')], {
      rounds: 3,
      warmUps: 1,
      expected: { events: 1 },
    });
    expect(log.filter((entry) => entry === 'a')).toHaveLength(4);
    expect(log.filter((entry) => entry === 'prepare b')).toHaveLength(4);
    expect(log.indexOf('prepare a')).toBe(log.indexOf('a') - 1);
    expect(first).toHaveLength(3);
    expect(second).toHaveLength(3);
  });

  test('a wrong result ends the measurement and says what was wrong', async () => {
    const sides = [recording([], 'right'), recording([], 'wrong', { events: 2 })];
    await expect(takeRounds(sides, { rounds: 1, warmUps: 0, expected: { events: 1 } })).rejects.toThrow(
      'wrong did {"events":2} where {"events":1} was expected.',
    );
  });
});
