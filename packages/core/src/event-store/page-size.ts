import type { EventRecord } from './event-record.ts';

const targetCharacters = 262_144;

/** How many events an adapter reads at once: few at first, then as many as keep a page small in memory, whatever the size of the events. */
export class PageSize {
  readonly #greatest: number;
  #rows: number;

  /**
   * @param first - Events in the first page: enough for a short stream, whose read then is one query.
   * @param greatest - No page has more: what a round trip is worth, or how long a query may hold the event loop.
   */
  constructor(first: number, greatest: number) {
    this.#rows = first;
    this.#greatest = greatest;
  }

  get rows(): number {
    return this.#rows;
  }

  /** Learns from a page how large the events are. */
  learnFrom(page: readonly EventRecord[]): void {
    if (page.length === 0) return;
    let characters = 0;
    for (const { data, metadata } of page) characters += data.length + (metadata?.length ?? 0);
    const average = Math.max(1, characters / page.length);
    this.#rows = Math.min(this.#greatest, Math.max(1, Math.floor(targetCharacters / average)));
  }
}
