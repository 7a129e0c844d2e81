import type { DomainEvent } from '@es/core';
import { expect, vi } from 'vitest';

/** The book of what the handlers of a consumer group were given. */
export class Ledger {
  /** The latest version of each aggregate. */
  readonly #reached = new Map<string, number>();
  #handled = 0;
  readonly #ids = new Set<string>();
  readonly #busy = new Set<string>();
  readonly #faults: string[] = [];

  /** A handler that takes as long as `work` and notes the event at its end. */
  handler(work: (event: DomainEvent) => Promise<void> | void = () => undefined): (event: DomainEvent) => Promise<void> {
    return async (event) => {
      if (this.#busy.has(event.aggregateId)) this.#faults.push(`${event.aggregateId} ${event.version} was handled beside another one`);
      this.#busy.add(event.aggregateId);
      await work(event);
      this.#busy.delete(event.aggregateId);
      this.note(event);
    };
  }

  note(event: DomainEvent): void {
    const before = this.#reached.get(event.aggregateId) ?? 0;
    if (event.version > before + 1) this.#faults.push(`${event.aggregateId} ${event.version} was handled after ${before}`);
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

  has({ id }: { readonly id: string }): boolean {
    return this.#ids.has(id);
  }

  /** Waits until all events were handled: none is missing, none came from elsewhere, none of an aggregate before an earlier one. */
  async untilComplete(events: readonly DomainEvent[], timeout = 40_000): Promise<void> {
    await vi.waitFor(() => expect(events.filter((event) => !this.has(event)).map(nameOf)).toEqual([]), { timeout, interval: 20 });
    expect(this.size).toBe(events.length);
    this.assertInOrder();
  }

  assertInOrder(): void {
    expect(this.#faults).toEqual([]);
  }
}

function nameOf({ aggregateId, version }: DomainEvent): string {
  return `${aggregateId} ${version}`;
}
