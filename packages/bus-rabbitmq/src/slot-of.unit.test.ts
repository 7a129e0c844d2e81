import { expect, test } from 'vitest';
import { slotCount } from './rabbitmq-options.ts';
import { slotOf } from './slot-of.ts';

test('an aggregate has the same slot in every version: publishers and consumers of different ones meet', () => {
  const aggregates = [
    ['Order', '1'],
    ['Order', '2'],
    ['Invoice', '1'],
    ['', ''],
    ['Größe', '😀'],
  ] as const;
  expect(aggregates.map(([type, id]) => slotOf(type, id))).toEqual([61, 16, 11, 17, 28]);
});

test('type and id are told apart', () => {
  expect(slotOf('Order', '12')).not.toBe(slotOf('Order1', '2'));
});

test('aggregates spread evenly over the slots', () => {
  const counts = new Array<number>(slotCount).fill(0);
  const each = 500;
  for (let index = 0; index < slotCount * each; index += 1) {
    const slot = slotOf('Order', `order-${index}`);
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(each * 0.75);
  expect(Math.max(...counts)).toBeLessThan(each * 1.25);
});
