import type { Bench } from '../harness/bench.ts';
import type { Outcome, Side } from '../harness/rounds.ts';
import type { Finding } from '../harness/row.ts';
import { loadedOutcome, loadingSide } from './loading.ts';
import { OrderStore } from './order-stores.ts';
import type { Synchronous } from './raw-orders.ts';
import { renewedSide } from './renewed-side.ts';
import { type BatchSize, savedOutcome, saveOrders, savingSide } from './saving.ts';
import { linesEach, longOrderId, orderId, someOrderIds } from './seed.ts';

/** Runs one operation, with something around it. */
export type Around = <T>(operation: () => Promise<T>) => Promise<T>;

/** How one side does the work. */
export interface TracedSide {
  readonly name: string;
  readonly telemetry: 'on' | 'off';
  /** Default: nothing. */
  readonly around?: Around;
}

/** Work that is done alike with telemetry on and off. */
export interface TracedWork {
  /** A side with a store of its own. */
  readonly side: (options: TracedSide) => Side;
  readonly operations: Finding['operations'];
  readonly expected: Outcome;
  readonly close: () => Promise<void>;
}

const bare: Around = (operation) => operation();

/** Stores that are opened as sides are made, and closed together. */
class OpenStores {
  readonly #stores: OrderStore[] = [];

  keep(store: OrderStore): OrderStore {
    this.#stores.push(store);
    return store;
  }

  readonly close = async (): Promise<void> => {
    for (const store of this.#stores) await store.close();
  };
}

/** Saves of new aggregates, each side to a file of its own. */
export const sqliteSaving = (bench: Bench, lines: number, synchronous: Synchronous): TracedWork => {
  const size: BatchSize = { saves: bench.pick(80, 10), linesEach: lines };
  const stores = new OpenStores();
  return {
    side: ({ name, telemetry, around = bare }) => {
      const { save } = stores.keep(OrderStore.onSqlite(bench.path(`${name}.db`), synchronous, { telemetry }));
      return savingSide(name, size, (id, batch) => around(() => save(id, batch)));
    },
    operations: { count: size.saves, unit: 'saves' },
    expected: savedOutcome(size),
    close: stores.close,
  };
};

const sqliteLoading = (bench: Bench, ids: readonly string[], lines: number): TracedWork => {
  const stores = new OpenStores();
  return {
    side: ({ name, telemetry, around = bare }) => {
      const { load } = stores.keep(OrderStore.onSqlite(bench.seedPath, 'full', { telemetry }));
      return loadingSide(name, ids, (id) => around(() => load(id)));
    },
    operations: { count: ids.length, unit: 'loads' },
    expected: loadedOutcome(ids.length, lines),
    close: stores.close,
  };
};

/** Loads of short aggregates from one file, each side by a connection of its own. */
export const sqliteLoadingMany = (bench: Bench): TracedWork =>
  sqliteLoading(bench, someOrderIds(bench.seedSize, bench.pick(250, 20)), linesEach);

/** Loads of the one long aggregate. */
export const sqliteLoadingLong = (bench: Bench): TracedWork => sqliteLoading(bench, [longOrderId], bench.seedSize.longOrder);

/** Saves of new aggregates to memory. */
export const memorySaving = (bench: Bench): TracedWork => {
  const size: BatchSize = { saves: bench.pick(200, 10), linesEach };
  return {
    side: ({ name, telemetry, around = bare }) =>
      renewedSide(() => {
        const { save } = OrderStore.inMemory({ telemetry });
        return savingSide(name, size, (id, batch) => around(() => save(id, batch)));
      }),
    operations: { count: size.saves, unit: 'saves' },
    expected: savedOutcome(size),
    close: async () => undefined,
  };
};

/** Loads from memory. */
export const memoryLoading = async (bench: Bench): Promise<TracedWork> => {
  const ids = Array.from({ length: bench.pick(300, 20) }, (_, n) => orderId(n));
  const stores = { on: OrderStore.inMemory({ telemetry: 'on' }), off: OrderStore.inMemory({ telemetry: 'off' }) };
  for (const { save } of Object.values(stores)) await saveOrders(ids, linesEach, save);
  return {
    side: ({ name, telemetry, around = bare }) => loadingSide(name, ids, (id) => around(() => stores[telemetry].load(id))),
    operations: { count: ids.length, unit: 'loads' },
    expected: loadedOutcome(ids.length, linesEach),
    close: async () => {
      for (const store of Object.values(stores)) await store.close();
    },
  };
};
