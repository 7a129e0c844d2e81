import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { DomainEvent } from '@es/core';

/** What handlers were given, in all consumers of a group together. */
export class Ledger {
  readonly #handled: DomainEvent[] = [];
  readonly #ids = new Set<string>();
  readonly #atWork = new Map<string, number>();
  readonly #overlaps: string[] = [];

  /** A handler that takes as long as it is told, in milliseconds, and keeps the book. */
  handler(ms: (event: DomainEvent) => number = () => 0): (event: DomainEvent) => Promise<void> {
    return async (event) => {
      const { aggregateId } = event;
      const others = this.#atWork.get(aggregateId) ?? 0;
      if (others > 0) this.#overlaps.push(`${aggregateId} ${event.version}`);
      this.#atWork.set(aggregateId, others + 1);
      await delay(ms(event));
      this.note(event);
      this.#atWork.set(aggregateId, (this.#atWork.get(aggregateId) ?? 1) - 1);
    };
  }

  note(event: DomainEvent): void {
    this.#handled.push(event);
    this.#ids.add(event.id);
  }

  /** How many different events were handled. */
  get size(): number {
    return this.#ids.size;
  }

  /** How often an event was handled that had been handled before. */
  get repeats(): number {
    return this.#handled.length - this.#ids.size;
  }

  has(events: readonly DomainEvent[]): boolean {
    return this.#ids.size >= events.length && events.every(({ id }) => this.#ids.has(id));
  }

  /** All events were handled, no others; those of an aggregate never at the same time, and none before one that comes earlier. */
  assertComplete(events: readonly DomainEvent[]): void {
    const missing = events.filter(({ id }) => !this.#ids.has(id)).map(({ aggregateId, version }) => `${aggregateId} ${version}`);
    assert.deepEqual(missing, [], 'lost');
    assert.equal(this.size, events.length, 'handled');
    this.assertInOrder();
  }

  assertInOrder(): void {
    assert.deepEqual(this.#overlaps, [], 'handled at the same time');
    const reached = new Map<string, number>();
    for (const { aggregateId, version } of this.#handled) {
      const before = reached.get(aggregateId) ?? 0;
      assert.ok(version <= before + 1, `${aggregateId}: ${version} was handled after ${before}`);
      reached.set(aggregateId, Math.max(before, version));
    }
  }
}

/** Waits until something holds. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, deadlineMs = 30_000): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!(await holds())) {
    if (performance.now() > deadline) assert.fail(`Waited ${deadlineMs} ms in vain: ${what}.`);
    await delay(5);
  }
}
