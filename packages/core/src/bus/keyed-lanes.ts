/** Runs tasks of one key one after another, and those of different keys at the same time. */
export class KeyedLanes {
  readonly #ends = new Map<string | symbol, Promise<void>>();

  /** Runs the task after all tasks of its key that came before, however those ended; never before this returns. */
  run<T>(key: string | symbol, task: () => Promise<T>): Promise<T> {
    const result = (this.#ends.get(key) ?? Promise.resolve()).then(task);
    const end: Promise<void> = result.then(
      () => this.#leave(key, end),
      () => this.#leave(key, end),
    );
    this.#ends.set(key, end);
    return result;
  }

  #leave(key: string | symbol, end: Promise<void>): void {
    if (this.#ends.get(key) === end) this.#ends.delete(key);
  }
}
