import type { Logger } from '@es/otel';
import { delay } from '../retry/delay.ts';
import { backoffDelay, type RetryPolicy } from '../retry/retry-policy.ts';
import type { DeadLetter } from './dead-letter.ts';
import type { DeadLetterStore } from './dead-letter-store.ts';

/** A message must not be lost because its dead letter can't be kept at the moment, so this is tried for as long as the bus runs. */
const untilKept: RetryPolicy = { maxAttempts: Number.POSITIVE_INFINITY, initialDelayMs: 100, maxDelayMs: 10_000, jitter: 'full' };

/** Writes dead letters, however often that takes. */
export class DeadLetterWriter {
  readonly #store: DeadLetterStore;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;

  /** @param signal - Aborted when there is no more time. */
  constructor(store: DeadLetterStore, logger: Logger, signal: AbortSignal) {
    this.#store = store;
    this.#logger = logger;
    this.#signal = signal;
  }

  /**
   * Resolves when the store has confirmed the letter.
   *
   * @throws AbortedError when there is no more time.
   */
  async write(letter: DeadLetter): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#store.add(letter, { signal: this.#signal });
        return;
      } catch (error) {
        this.#logger.error(
          { err: error, dead_letter: letter.id, attempt },
          'A dead letter could not be kept; its message stays in hand meanwhile',
        );
        await delay(backoffDelay(untilKept, attempt), this.#signal);
      }
    }
  }
}
