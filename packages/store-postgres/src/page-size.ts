import type { EventRecord } from '@es/core';

const firstPage = 100;
const greatestPage = 1_000;
const targetCharacters = 262_144;

/** How many events to read at once: few at first, then as many as keep a page small in memory and a round trip worth its while. */
export class PageSize {
  #rows = firstPage;

  get rows(): number {
    return this.#rows;
  }

  /** Learns from a page how large the events are. */
  learnFrom(page: readonly EventRecord[]): void {
    if (page.length === 0) return;
    let characters = 0;
    for (const { data, metadata } of page) characters += data.length + (metadata?.length ?? 0);
    const average = Math.max(1, characters / page.length);
    this.#rows = Math.min(greatestPage, Math.max(1, Math.floor(targetCharacters / average)));
  }
}
