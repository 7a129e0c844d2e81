import { strict as assert } from 'node:assert';
import type { Bench } from '../harness/bench.ts';
import type { RoundPlan } from '../harness/rounds.ts';
import { linesOf, totalOf } from './order.ts';
import { OrderStore, type OrderStoreOptions } from './order-stores.ts';
import { RawOrders, type Synchronous } from './raw-orders.ts';
import type { BatchSize } from './saving.ts';

/** Two files with the same tables and the same pragmas: the library writes to one, the SQL by hand to the other. */
export interface FilePair {
  readonly store: OrderStore;
  readonly raw: RawOrders;
  /** Sees that both files hold what all rounds together wrote, and that the library reads the one like the other; then closes them. */
  readonly checkAndClose: (size: BatchSize, plan: Pick<RoundPlan, 'rounds' | 'warmUps'>) => Promise<void>;
}

/** Opens both. */
export const openFilePair = async (bench: Bench, synchronous: Synchronous, options?: OrderStoreOptions): Promise<FilePair> => {
  const ownPath = bench.path('library.db');
  const rawPath = bench.path('by-hand.db');
  const store = OrderStore.onSqlite(ownPath, synchronous, options);
  await OrderStore.onSqlite(rawPath, synchronous).close();
  const raw = new RawOrders(rawPath, synchronous);
  return {
    store,
    raw,
    checkAndClose: async ({ saves, linesEach }, { rounds, warmUps }) => {
      raw.close();
      await store.close();
      const streams = saves * (rounds + warmUps);
      const contents = { events: streams * linesEach, streams, longest: linesEach };
      for (const path of [ownPath, rawPath]) await checkFile(path, contents);
    },
  };
};

const checkFile = async (path: string, contents: ReturnType<RawOrders['contents']>): Promise<void> => {
  const raw = new RawOrders(path, 'normal');
  assert.deepEqual(raw.contents(), contents);
  raw.close();
  const store = OrderStore.onSqlite(path, 'normal');
  const [first] = await store.eventStore.readAll({ limit: 1 }).toArray();
  const order = await store.load(first?.aggregateId ?? '');
  assert.deepEqual(order.state, { lines: contents.longest, total: totalOf(linesOf(0, contents.longest)) });
  await store.close();
};
