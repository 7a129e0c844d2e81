import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Finding } from '../harness/row.ts';
import { type LoadOrder, loadedOutcome, loadingSide } from '../work/loading.ts';
import { OrderStore } from '../work/order-stores.ts';
import { RawOrders } from '../work/raw-orders.ts';
import { schemaOptions } from '../work/schema-options.ts';
import { linesEach, longOrderId, someOrderIds } from '../work/seed.ts';

interface Loading {
  readonly ids: readonly string[];
  /** Lines of each of those orders. */
  readonly lines: number;
  readonly validatedBy?: 'zod';
  readonly byHand?: (raw: RawOrders) => LoadOrder;
}

const allColumns = ({ load }: RawOrders): LoadOrder => load;

const measure = async (bench: Bench, { ids, lines, validatedBy, byHand = allColumns }: Loading): Promise<Finding> => {
  const store = OrderStore.onSqlite(bench.seedPath, 'full', await schemaOptions(validatedBy));
  const raw = new RawOrders(bench.seedPath, 'full');
  const finding = await compareSpeed({
    ...bench.rounds(15, 4),
    subject: loadingSide('repository.load', ids, store.load),
    baseline: loadingSide('better-sqlite3 by hand', ids, byHand(raw)),
    operations: { count: ids.length, unit: 'loads' },
    expected: loadedOutcome(ids.length, lines),
  });
  raw.close();
  await store.close();
  return finding;
};

const many = (bench: Bench): Loading => ({ ids: someOrderIds(bench.seedSize, bench.pick(2_000, 20)), lines: linesEach });
const long = (bench: Bench): Loading => ({ ids: new Array(bench.pick(4, 2)).fill(longOrderId), lines: bench.seedSize.longOrder });

const group = 'SQLite beside SQL by hand: reading';
const half = { kind: 'at least', value: 0.5 } as const;

/** Aggregates out of their events, against the same by hand. */
export const sqliteLoad: readonly Scenario[] = [
  {
    id: 'sqlite-load-many',
    group,
    title: '2,000 aggregates of 10 events, one after the other',
    bar: half,
    measure: (bench) => measure(bench, many(bench)),
  },
  {
    id: 'sqlite-load-long',
    group,
    title: 'one aggregate of 10,000 events',
    bar: half,
    measure: (bench) => measure(bench, long(bench)),
  },
  {
    id: 'sqlite-load-many-zod',
    group,
    title: '2,000 aggregates of 10 events, each validated by zod',
    bar: null,
    measure: (bench) => measure(bench, { ...many(bench), validatedBy: 'zod' }),
  },
  {
    id: 'sqlite-load-many-data',
    group,
    title: '2,000 aggregates of 10 events; by hand only the data column',
    bar: null,
    measure: (bench) => measure(bench, { ...many(bench), byHand: ({ loadDataOnly }) => loadDataOnly }),
  },
];
