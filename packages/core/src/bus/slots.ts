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

  async use<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((go) => this.#enqueue({ go, next: undefined }));
    try {
      return await task();
    } finally {
      this.#handOn();
    }
  }

  /** A linked list, since taking the first of a very long array moves all others. */
  #enqueue(waiter: Waiter): void {
    if (this.#last === undefined) this.#first = waiter;
    else this.#last.next = waiter;
    this.#last = waiter;
  }

  #handOn(): void {
    const waiter = this.#first;
    if (waiter === undefined) {
      this.#free += 1;
      return;
    }
    this.#first = waiter.next;
    if (this.#first === undefined) this.#last = undefined;
    waiter.go();
  }
}
