import { delay } from '@es/core';

/** Resolves when the promise is settled or the time is over. */
export async function settledWithin(promise: Promise<unknown> | undefined, ms: number): Promise<void> {
  const over = new AbortController();
  await Promise.race([promise?.catch(() => undefined), delay(ms, over.signal).catch(() => undefined)]);
  over.abort();
}
