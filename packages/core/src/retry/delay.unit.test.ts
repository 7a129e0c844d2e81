import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { delay } from './delay.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('waits as long as it was told', async () => {
  const done = vi.fn();
  const waiting = delay(1_000).then(done);
  await vi.advanceTimersByTimeAsync(999);
  expect(done).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
  expect(done).toHaveBeenCalledOnce();
});

test('ends with an AbortedError and without its timer when its signal is aborted', async () => {
  const controller = new AbortController();
  const waiting = delay(1_000, controller.signal);
  const refused = expect(waiting).rejects.toMatchObject({ name: 'AbortError', code: 'ES_ABORTED', cause: 'enough' });
  await vi.advanceTimersByTimeAsync(10);
  controller.abort('enough');
  await refused;
  expect(vi.getTimerCount()).toBe(0);
  await expect(delay(1_000, controller.signal)).rejects.toMatchObject({ code: 'ES_ABORTED' });
});

test('leaves nothing behind on a signal that many wait with', async () => {
  const controller = new AbortController();
  const remove = vi.spyOn(controller.signal, 'removeEventListener');
  const waits = Array.from({ length: 100 }, () => delay(5, controller.signal));
  await vi.advanceTimersByTimeAsync(5);
  await Promise.all(waits);
  expect(remove).toHaveBeenCalledTimes(100);
});
