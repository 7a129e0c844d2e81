import { expect, test } from 'vitest';
import { gate } from './bus.fixture.ts';
import { Slots } from './slots.ts';

test('run as many tasks as there are slots, and the others in the order in which they came', async () => {
  const slots = new Slots(2);
  const gates = Array.from({ length: 5 }, gate);
  const begun: number[] = [];
  const tasks = gates.map(({ opened }, index) =>
    slots.use(async () => {
      begun.push(index);
      await opened;
      if (index === 1) throw new Error('one fails');
    }),
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  gates[1]?.open();
  await expect(tasks[1]).rejects.toThrow('one fails');
  await expect.poll(() => begun).toEqual([0, 1, 2]);
  for (const { open } of gates) open();
  await Promise.allSettled(tasks);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  expect(await slots.use(async () => 'free again')).toBe('free again');
});
