import type { DomainEvent } from '@es/core';
import type { Side } from '../harness/rounds.ts';
import { lineEvents } from './line-events.ts';
import type { Tally } from './tally.ts';

/** Messages that lie at the broker, held back from a consumer that is ready for them. */
export interface Backlog {
  readonly fill: (events: readonly DomainEvent[]) => Promise<void>;
  /** Lets the consumer have them. */
  readonly release: () => Promise<void> | void;
}

/** A side that consumes new events each round: the time is that from their release until the last one is handled. */
export const consumingSide = (name: string, events: number, tally: Tally, { fill, release }: Backlog): Side => ({
  name,
  prepare: async () => {
    tally.begin(events);
    await fill(lineEvents(events));
  },
  run: async () => {
    await release();
    await tally.full;
    return tally.outcome;
  },
});
