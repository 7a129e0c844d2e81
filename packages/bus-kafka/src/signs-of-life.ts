/** Notices when a consumer has shown the broker no sign of life for too long: kafkajs may go on asking one that is no longer its group's coordinator. */
export class SignsOfLife {
  readonly #limitMs: number;
  readonly #isDue: () => boolean;
  readonly #missed: () => void;
  #last = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /**
   * @param limitMs - For how long the broker waits.
   * @param isDue - Whether signs are due at the moment.
   * @param missed - Called once, when there was none for so long.
   */
  constructor(limitMs: number, isDue: () => boolean, missed: () => void) {
    this.#limitMs = limitMs;
    this.#isDue = isDue;
    this.#missed = missed;
  }

  /** The broker has answered. */
  seen(): void {
    this.#last = performance.now();
  }

  /** Begins to look, every so many milliseconds. */
  watch(everyMs: number): void {
    this.seen();
    this.#timer ??= setInterval(() => this.#look(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    if (!this.#isDue() || performance.now() - this.#last <= this.#limitMs) return;
    this.stop();
    this.#missed();
  }
}
