import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { DomainEvent } from '@es/core';
import { until } from './until.ts';

/** The book of what handlers were given, in all consumers of a group together. It takes no longer the more it holds. */
export class Ledger {
  /** The latest version of each aggregate. */
  readonly #reached = new Map<string, number>();
  #handled = 0;
  readonly #ids = new Set<string>();
  readonly #atWork = new Map<string, number>();
  readonly #faults: string[] = [];

  /** A handler that notes an event once `work` is done, which takes as long as it says: in milliseconds, or until a promise resolves. */
  handler(work: (event: DomainEvent) => number | Promise<void> | void = () => undefined): (event: DomainEvent) => Promise<void> {
    return async (event) => {
      const { aggregateId } = event;
      const others = this.#atWork.get(aggregateId) ?? 0;
      if (others > 0) this.#faults.push(`${nameOf(event)} was handled beside another one`);
      this.#atWork.set(aggregateId, others + 1);
      try {
        const time = work(event);
        await (typeof time === 'number' ? delay(time) : time);
        this.note(event);
      } finally {
        this.#atWork.set(aggregateId, (this.#atWork.get(aggregateId) ?? 1) - 1);
      }
    };
  }

  note(event: DomainEvent): void {
    const before = this.#reached.get(event.aggregateId) ?? 0;
    if (event.version > before + 1) this.#faults.push(`${nameOf(event)} was handled after ${before}`);
    this.#reached.set(event.aggregateId, Math.max(before, event.version));
    this.#handled += 1;
    this.#ids.add(event.id);
  }

  /** How many different events were handled. */
  get size(): number {
    return this.#ids.size;
  }

  /** How often an event was handled that had been handled before. */
  get repeats(): number {
    return this.#handled - this.#ids.size;
  }

  /** Whether all of these were handled. */
  has(events: readonly { readonly id: string }[]): boolean {
    return this.#ids.size >= events.length && events.every(({ id }) => this.#ids.has(id));
  }

  /** Waits until all events were handled, and asserts the rest of {@link Ledger.assertComplete}. */
  async untilComplete(events: readonly DomainEvent[], deadlineMs = 40_000): Promise<void> {
    // If some are missing at the end, the assertion says which.
    await until(() => this.has(events), 'every event is handled', deadlineMs).catch(() => undefined);
    this.assertComplete(events);
  }

  /** All events were handled, no others; those of an aggregate never at the same time, and none before one that comes earlier. */
  assertComplete(events: readonly DomainEvent[]): void {
    assert.deepEqual(events.filter(({ id }) => !this.#ids.has(id)).map(nameOf), [], 'lost');
    assert.equal(this.size, events.length, 'handled');
    this.assertInOrder();
  }

  assertInOrder(): void {
    assert.deepEqual(this.#faults, [], 'out of order');
  }
}

function nameOf({ aggregateId, version }: DomainEvent): string {
  return `${aggregateId} ${version}`;
}
