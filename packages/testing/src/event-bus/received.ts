import assert from 'node:assert/strict';
import type { DomainEvent } from '@es/core';

/** What a handler has been given, in the order in which it was. */
export class Received {
  readonly events: DomainEvent[] = [];
  /** The handler. */
  readonly handler: (event: DomainEvent) => void = (event) => {
    this.events.push(event);
  };
  readonly #until: (holds: () => boolean, what: string) => Promise<void>;

  constructor(until: (holds: () => boolean, what: string) => Promise<void>) {
    this.#until = until;
  }

  /** The numbers in the events' data, in the order in which they came; of one aggregate, if one is named. */
  numbers(aggregateId?: string): number[] {
    const events = this.events.filter((event) => aggregateId === undefined || event.aggregateId === aggregateId);
    return events.map(({ data }) => (data as { readonly number: number }).number);
  }

  /** Resolves when there are so many events. */
  reaches(count: number): Promise<void> {
    return this.#until(() => this.events.length >= count, `a handler is given ${count} events`);
  }

  /** Resolves when each of these events has come. */
  async has(events: readonly DomainEvent[]): Promise<void> {
    const missing = (): string[] => {
      const ids = new Set(this.events.map(({ id }) => id));
      return events.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
    };
    await this.#until(() => missing().length === 0, `a handler is given each of ${events.length} events`);
  }

  /** Expects to have been given exactly these events, each once, those of an aggregate in this order. */
  isExactly(events: readonly DomainEvent[]): void {
    assert.equal(this.events.length, events.length, 'how many events a handler was given');
    this.keepsOrderOf(events);
  }

  /** Expects to have been given these events at least once, with no event of an aggregate before one that comes earlier there. */
  keepsOrderOf(events: readonly DomainEvent[]): void {
    assert.deepEqual(firstsByAggregate(this.events), firstsByAggregate(events), 'the events of each aggregate, repetitions left out');
  }
}

/** The numbers of each aggregate's events, in the order of their first appearance. */
function firstsByAggregate(events: readonly DomainEvent[]): Record<string, number[]> {
  const seen = new Set<string>();
  const numbers: Record<string, number[]> = {};
  for (const { id, aggregateId, version } of events) {
    if (seen.has(id)) continue;
    seen.add(id);
    numbers[aggregateId] ??= [];
    numbers[aggregateId].push(version);
  }
  return Object.fromEntries(Object.entries(numbers).sort(([one], [other]) => (one < other ? -1 : 1)));
}
