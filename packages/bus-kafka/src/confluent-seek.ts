import { delay } from '@es/core';
import { ConfluentError, done } from './confluent-failure.ts';
import type { ConfluentConsumerHandle, ConfluentPlace } from './confluent-library.ts';

/** For how long a change of place is waited for, and how often it is tried. */
const seekMs = 5_000;
const retryMs = 10;
/** What a partition answers that librdkafka is about to begin with. */
const notYet: readonly number[] = [-172, -167];

/** Reads on elsewhere. A partition that was just given can't be read from elsewhere before librdkafka has begun with it. */
export async function seekTo(handle: ConfluentConsumerHandle, place: ConfluentPlace, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + seekMs;
  for (;;) {
    try {
      return await done((called) => handle.seek(place, seekMs, called));
    } catch (error) {
      if (!(error instanceof ConfluentError) || !notYet.includes(error.number) || performance.now() > deadline) throw error;
      await delay(retryMs, signal);
    }
  }
}
