import { setTimeout as delay } from 'node:timers/promises';

/** How long to go on asking. */
export interface Patience {
  readonly timeoutMs: number;
  /** Ends the waiting at once: there is nothing left to wait for. */
  readonly signal?: AbortSignal;
  /** A failure that waiting can't cure is thrown at once. */
  readonly isHopeless?: (failure: unknown) => boolean;
}

const pauseMs = 50;

/**
 * Asks again and again until an attempt succeeds.
 *
 * @throws the last attempt's failure, after `timeoutMs` or when it is hopeless; the signal's reason when that is aborted.
 */
export const eventually = async <T>(attempt: () => Promise<T>, { timeoutMs, signal, isHopeless }: Patience): Promise<T> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (failure) {
      signal?.throwIfAborted();
      if (isHopeless?.(failure) === true || Date.now() >= deadline) throw failure;
    }
    await delay(pauseMs);
  }
};
