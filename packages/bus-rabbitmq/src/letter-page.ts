import type { DeadLetter, DeadLetterFilter } from '@es/core';

/** Whether a filter means a letter. */
export function isMeant(letter: DeadLetter, { source, handler }: DeadLetterFilter): boolean {
  return (source === undefined || letter.source === source) && (handler === undefined || letter.handler === handler);
}

/** The first letters by id of those that are shown to it, in whatever order; it holds no more than that. */
export class LetterPage {
  readonly #letters: DeadLetter[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get letters(): readonly DeadLetter[] {
    return this.#letters;
  }

  add(letter: DeadLetter): void {
    const next = this.#letters.findLastIndex(({ id }) => id < letter.id) + 1;
    if (next >= this.#limit) return;
    this.#letters.splice(next, 0, letter);
    if (this.#letters.length > this.#limit) this.#letters.pop();
  }
}
