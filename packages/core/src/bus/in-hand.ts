/** Counts tasks from their beginning to their end, and tells when there is none. */
export class InHand {
  #size = 0;
  #failed = 0;
  readonly #waiting = new Set<() => void>();

  /** Tasks that have not succeeded: still running, or failed. */
  get unfinished(): number {
    return this.#size + this.#failed;
  }

  /** A task begins. */
  begin(): void {
    this.#size += 1;
  }

  /**
   * A task that has begun is over.
   *
   * @param isMissed - Whether it leaves something undone.
   */
  end(isMissed: boolean): void {
    this.#size -= 1;
    if (isMissed) this.#failed += 1;
    if (this.#size === 0) for (const release of this.#waiting) release();
  }

  /** Counts a task from here to its end; a failed one leaves something undone. */
  async track<T>(task: () => Promise<T>): Promise<T> {
    this.begin();
    let isMissed = true;
    try {
      const result = await task();
      isMissed = false;
      return result;
    } finally {
      this.end(isMissed);
    }
  }

  /** Resolves when nothing is in hand, at once if so now; rejects with the signal's reason when that is aborted before. */
  whenEmpty(signal: AbortSignal): Promise<void> {
    if (this.#size === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(release);
        signal.removeEventListener('abort', abort);
      };
      const release = (): void => {
        leave();
        resolve();
      };
      const abort = (): void => {
        leave();
        reject(signal.reason);
      };
      if (signal.aborted) return reject(signal.reason);
      this.#waiting.add(release);
      signal.addEventListener('abort', abort);
    });
  }
}
