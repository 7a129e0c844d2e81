import type { Outcome, Side } from '../harness/rounds.ts';
import { linesOf, type OrderState, totalOf } from './order.ts';

/** What was loaded of one order, by whomever. */
export interface LoadedOrder {
  readonly version: number;
  readonly state: OrderState;
}

/** Loads an order; what the contenders differ in. */
export type LoadOrder = (id: string) => Promise<LoadedOrder> | LoadedOrder;

/** A side that loads the same orders each round, one after the other. */
export const loadingSide = (name: string, ids: readonly string[], load: LoadOrder): Side => ({
  name,
  run: async () => {
    let versions = 0;
    let lines = 0;
    let total = 0;
    for (const id of ids) {
      const loading = load(id);
      const { version, state } = loading instanceof Promise ? await loading : loading;
      versions += version;
      lines += state.lines;
      total += state.total;
    }
    return { loads: ids.length, versions, lines, total };
  },
});

/** What every round of loading must have done. */
export const loadedOutcome = (loads: number, linesEach: number): Outcome => ({
  loads,
  versions: loads * linesEach,
  lines: loads * linesEach,
  total: loads * totalOf(linesOf(0, linesEach)),
});
