import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Outcome } from '../harness/rounds.ts';
import type { Finding } from '../harness/row.ts';
import { OrderStore } from '../work/order-stores.ts';
import { RawOrders } from '../work/raw-orders.ts';
import { readEvents, readPages, readRaw } from '../work/reading.ts';
import { readAllOutcome, seededEvents } from '../work/seed.ts';

const measure = async (bench: Bench, name: string, read: (store: OrderStore) => Promise<Outcome>): Promise<Finding> => {
  const store = OrderStore.onSqlite(bench.seedPath, 'full');
  const raw = new RawOrders(bench.seedPath, 'full');
  const finding = await compareSpeed({
    ...bench.rounds(9, 2),
    subject: { name, run: () => read(store) },
    baseline: { name: 'better-sqlite3 by hand', run: () => readRaw(raw) },
    operations: { count: seededEvents(bench.seedSize), unit: 'events' },
    expected: readAllOutcome(bench.seedSize),
  });
  raw.close();
  await store.close();
  return finding;
};

const group = 'SQLite beside SQL by hand: reading';

/** The whole log in order, a page in memory at a time, against the same by hand. */
export const sqliteReadAll: readonly Scenario[] = [
  {
    id: 'sqlite-read-all',
    group,
    title: 'readAll of 200,000 events, event by event',
    bar: { kind: 'at least', value: 0.6 },
    measure: (bench) => measure(bench, 'for await (… of readAll())', readEvents),
  },
  {
    id: 'sqlite-read-all-pages',
    group,
    title: 'readAll of 200,000 events, page by page',
    bar: null,
    measure: (bench) => measure(bench, 'for await (… of readAll().pages())', readPages),
  },
];
