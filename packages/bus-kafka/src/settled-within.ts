import { delay } from '@es/core';

/** Resolves when everything is settled, however it ended, or the time is over. */
export async function settledWithin(tasks: readonly (Promise<unknown> | undefined)[], ms: number): Promise<void> {
  const over = new AbortController();
  const settled = Promise.allSettled(tasks.filter((task) => task !== undefined));
  await Promise.race([settled, delay(ms, over.signal).catch(() => undefined)]);
  over.abort();
}
