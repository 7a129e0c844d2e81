import { expect, test } from 'vitest';
import { KeyedLanes } from './keyed-lanes.ts';

test('those of one key come one after another, in the order in which they entered', async () => {
  const lanes = new KeyedLanes();
  const come: number[] = [];
  const turns = [1, 2, 3].map((number) => {
    const turn = lanes.enter('a');
    void turn.comes?.then(() => come.push(number));
    return turn;
  });
  expect(turns[0]?.comes).toBeUndefined();
  turns[0]?.leave();
  await turns[1]?.comes;
  expect(come).toEqual([2]);
  turns[1]?.leave();
  await turns[2]?.comes;
  expect(come).toEqual([2, 3]);
});

test('those of another key are not waited for, nor those who have left', () => {
  const lanes = new KeyedLanes();
  const first = lanes.enter('a');
  expect(lanes.enter('b').comes).toBeUndefined();
  first.leave();
  expect(lanes.enter('a').comes).toBeUndefined();
});
