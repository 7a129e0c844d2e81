import { strict as assert } from 'node:assert';
import type { Outcome } from '../harness/rounds.ts';
import { totalOfLines } from './line-events.ts';
import type { Line } from './order.ts';

/** Counts what a consumer gets, each id for itself. */
export class Tally {
  #expected = 0;
  #events = 0;
  #total = 0;
  #ids = new Set<string>();
  #full = Promise.withResolvers<void>();

  /** Counts from 0 again, up to a number of events. Whatever came beyond the last one's is an error. */
  begin(expected: number): void {
    assert.equal(this.#events, this.#expected, 'no event comes twice');
    this.#expected = expected;
    this.#events = 0;
    this.#total = 0;
    this.#ids = new Set();
    this.#full = Promise.withResolvers();
  }

  count(id: string, { quantity, unitPrice }: Line): void {
    this.#events += 1;
    this.#total += quantity * unitPrice;
    this.#ids.add(id);
    if (this.#events === this.#expected) this.#full.resolve();
  }

  /** Resolves when so many events have come. */
  get full(): Promise<void> {
    return this.#full.promise;
  }

  get outcome(): Outcome {
    return { events: this.#events, ids: this.#ids.size, total: this.#total };
  }
}

/** What a tally of so many events must come to: every id once. */
export const talliedOutcome = (events: number): Outcome => ({ events, ids: events, total: totalOfLines(events) });
