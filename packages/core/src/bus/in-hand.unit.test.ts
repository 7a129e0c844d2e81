import { expect, test } from 'vitest';
import { gate } from './bus.fixture.ts';
import { InHand } from './in-hand.ts';

const never = new AbortController().signal;

test('is empty at first, and again when all has ended', async () => {
  const inHand = new InHand();
  await inHand.whenEmpty(never);
  const [one, two] = [gate(), gate()];
  const tasks = [inHand.track(() => one.opened), inHand.track(() => two.opened)];
  const emptied = inHand.whenEmpty(never).then(() => inHand.unfinished);
  expect(inHand.unfinished).toBe(2);
  one.open();
  await tasks[0];
  expect(inHand.unfinished).toBe(1);
  two.open();
  expect(await emptied).toBe(0);
});

test('counts what failed as not done', async () => {
  const inHand = new InHand();
  await expect(inHand.track(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(inHand.unfinished).toBe(1);
  await inHand.whenEmpty(never);
});

test('is waited for no longer than the signal lets', async () => {
  const inHand = new InHand();
  const forever = gate();
  const task = inHand.track(() => forever.opened);
  const end = new AbortController();
  const refused = expect(inHand.whenEmpty(end.signal)).rejects.toBe('enough');
  end.abort('enough');
  await refused;
  await expect(inHand.whenEmpty(end.signal)).rejects.toBe('enough');
  forever.open();
  await task;
});
