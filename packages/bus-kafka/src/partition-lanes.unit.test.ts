import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PartitionLanes } from './partition-lanes.ts';

/** A load that says when it is delivered, and ends when it is told to. */
function loadOf(key: string, name: string, told: string[], size = 1) {
  const end = Promise.withResolvers<void>();
  const deliver = (): Promise<void> => {
    told.push(name);
    return end.promise;
  };
  return { load: { key, size, deliver }, end };
}

test('what is of one partition comes one after another, other partitions beside it', async () => {
  const lanes = new PartitionLanes(10);
  const told: string[] = [];
  const [first, second, other] = [loadOf('a', 'a1', told), loadOf('a', 'a2', told), loadOf('b', 'b1', told)];
  for (const { load } of [first, second, other]) lanes.add(load);
  await turn();
  expect(told).toEqual(['a1', 'b1']);
  first.end.resolve();
  await turn();
  expect(told).toEqual(['a1', 'b1', 'a2']);
});

test('nothing of a partition that is held is delivered, until it is released', async () => {
  const lanes = new PartitionLanes(10);
  const told: string[] = [];
  const [first, second] = [loadOf('a', 'a1', told), loadOf('a', 'a2', told)];
  lanes.add(first.load);
  lanes.add(second.load);
  await turn();
  lanes.hold('a');
  first.end.resolve();
  await turn();
  expect(told).toEqual(['a1']);
  lanes.release('a');
  await turn();
  expect(told).toEqual(['a1', 'a2']);
});

test('there is room while less than the limit is under way; what is held does not count', async () => {
  const lanes = new PartitionLanes(2);
  const told: string[] = [];
  const [held, open] = [loadOf('a', 'a1', told, 2), loadOf('b', 'b1', told, 2)];
  lanes.add(held.load);
  lanes.hold('a');
  await lanes.whenRoom();
  lanes.add(open.load);
  let hasRoom = false;
  const room = lanes.whenRoom().then(() => {
    hasRoom = true;
  });
  await turn();
  expect(hasRoom).toBe(false);
  open.end.resolve();
  await room;
});

test('a delivery that fails is what asking for room says', async () => {
  const lanes = new PartitionLanes(2);
  lanes.add({ key: 'a', size: 1, deliver: () => Promise.reject(new Error('no')) });
  await lanes.drain();
  await expect(lanes.whenRoom()).rejects.toThrow('no');
});

test('draining delivers what was held, too', async () => {
  const lanes = new PartitionLanes(2);
  const told: string[] = [];
  const { load, end } = loadOf('a', 'a1', told);
  lanes.hold('a');
  lanes.add(load);
  end.resolve();
  await lanes.drain();
  expect(told).toEqual(['a1']);
});
