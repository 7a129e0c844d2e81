interface Waiter {
  readonly go: () => void;
  next: Waiter | undefined;
}

/** Lets a limited number of tasks run at the same time; the others wait their turn in order. */
export class Slots {
  #free: number;
  #first: Waiter | undefined;
  #last: Waiter | undefined;

  constructor(size: number) {
    this.#free = size;
  }

  /** Takes a slot: at once, which is `undefined`, or when the promise resolves. Whoever has one gives it back by `release`. */
  take(): Promise<void> | undefined {
    if (this.#free === 0) return new Promise<void>((go) => this.#enqueue({ go, next: undefined }));
    this.#free -= 1;
    return undefined;
  }

  /** Gives a slot back: to the one who has waited longest, if anyone does. */
  release(): void {
    const waiter = this.#first;
    if (waiter === undefined) {
      this.#free += 1;
      return;
    }
    this.#first = waiter.next;
    if (this.#first === undefined) this.#last = undefined;
    waiter.go();
  }

  /** A linked list, since taking the first of a very long array moves all others. */
  #enqueue(waiter: Waiter): void {
    if (this.#last === undefined) this.#first = waiter;
    else this.#last.next = waiter;
    this.#last = waiter;
  }
}
