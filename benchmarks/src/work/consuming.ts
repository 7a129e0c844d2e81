import type { Side } from '../harness/rounds.ts';
import type { Backlog, HandleLine } from './broker-place.ts';
import { lineEvents } from './line-events.ts';
import type { Tally } from './tally.ts';

/** Counts each event, as soon as it may be handled. */
export const countingHandler =
  (tally: Tally, { held }: Backlog): HandleLine =>
  async (id, line) => {
    const waiting = held?.();
    if (waiting !== undefined) await waiting;
    tally.count(id, line);
  };

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
