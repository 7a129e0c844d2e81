import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SignsOfLife } from './signs-of-life.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('says once that there was no sign for too long, and only while some were due', async () => {
  let isDue = true;
  const missed = vi.fn();
  const signs = new SignsOfLife(1_000, () => isDue, missed);
  signs.watch(100);
  await vi.advanceTimersByTimeAsync(900);
  signs.seen();
  await vi.advanceTimersByTimeAsync(900);
  isDue = false;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(missed).not.toHaveBeenCalled();
  isDue = true;
  await vi.advanceTimersByTimeAsync(5_000);
  expect(missed).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});
