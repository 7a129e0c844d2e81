import { randomUUID } from 'node:crypto';
import type { Outcome, Side } from '../harness/rounds.ts';
import { type Line, linesOf, totalOf } from './order.ts';

/** How many new orders a round saves, and of how many lines each. */
export interface BatchSize {
  readonly saves: number;
  readonly linesEach: number;
}

/** How a new order was saved, by whomever. */
export interface SavedOrder {
  readonly version: number;
  /** What its lines cost, in cents. */
  readonly total: number;
}

/** Saves a new order; what the contenders differ in. */
export type SaveOrder = (id: string, lines: readonly Line[]) => Promise<SavedOrder> | SavedOrder;

const saveAll = async (ids: Iterable<string>, lines: readonly Line[], save: SaveOrder): Promise<Outcome> => {
  let saves = 0;
  let versions = 0;
  let total = 0;
  for (const id of ids) {
    const saving = save(id, lines);
    const saved = saving instanceof Promise ? await saving : saving;
    saves += 1;
    versions += saved.version;
    total += saved.total;
  }
  return { saves, versions, total };
};

const sumOf = (outcomes: readonly Outcome[]): Outcome =>
  outcomes.reduce((one, other) => Object.fromEntries(Object.entries(one).map(([key, value]) => [key, value + (other[key] ?? Number.NaN)])));

/** A side that saves new orders each round. Their ids are made beforehand: no store makes them. */
export const savingSide = (name: string, size: BatchSize, save: SaveOrder, inFlight = 1): Side => {
  const lines = linesOf(0, size.linesEach);
  let ids: readonly string[] = [];
  return {
    name,
    prepare: () => {
      ids = Array.from({ length: size.saves }, () => randomUUID());
    },
    run: async () => {
      // Shared by the workers: each takes the next order as soon as its last one is saved.
      const waiting = ids.values();
      return sumOf(await Promise.all(Array.from({ length: inFlight }, () => saveAll(waiting, lines, save))));
    },
  };
};

/** What every round of saving must have done. */
export const savedOutcome = ({ saves, linesEach }: BatchSize): Outcome => ({
  saves,
  versions: saves * linesEach,
  total: saves * totalOf(linesOf(0, linesEach)),
});

/** Saves orders outside of any measurement, to have something to load. */
export const saveOrders = async (ids: readonly string[], linesEach: number, save: SaveOrder): Promise<void> => {
  await saveAll(ids, linesOf(0, linesEach), save);
};
