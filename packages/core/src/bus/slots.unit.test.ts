import { expect, test } from 'vitest';
import { gate } from './bus.fixture.ts';
import { Slots } from './slots.ts';

test('run as many tasks as there are slots, and the others in the order in which they came', async () => {
  const slots = new Slots(2);
  const gates = Array.from({ length: 5 }, gate);
  const begun: number[] = [];
  const tasks = gates.map(async ({ opened }, index) => {
    await slots.take();
    begun.push(index);
    await opened;
    slots.release();
  });
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  gates[1]?.open();
  await tasks[1];
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  for (const { open } of gates) open();
  await Promise.all(tasks);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect([slots.take(), slots.take()]).toEqual([undefined, undefined]);
  expect(slots.take()).toBeInstanceOf(Promise);
});
