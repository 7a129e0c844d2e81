import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Finding } from '../harness/row.ts';
import { EmmettOrders } from '../work/emmett-orders.ts';
import { loadedOutcome, loadingSide } from '../work/loading.ts';
import { OrderStore } from '../work/order-stores.ts';
import type { Synchronous } from '../work/raw-orders.ts';
import { type BatchSize, savedOutcome, saveOrders, savingSide } from '../work/saving.ts';
import { linesEach, orderId } from '../work/seed.ts';

interface Pair {
  readonly ours: OrderStore;
  readonly theirs: EmmettOrders;
}

const withPair = async (bench: Bench, synchronous: Synchronous, measure: (pair: Pair) => Promise<Finding>): Promise<Finding> => {
  const theirs = await EmmettOrders.open(bench.path('emmett.db'), synchronous);
  const ours = OrderStore.onSqlite(bench.path('library.db'), synchronous);
  const finding = await measure({ ours, theirs });
  theirs.close();
  await ours.close();
  return finding;
};

const save = (bench: Bench, synchronous: Synchronous, size: BatchSize, inFlight: number): Promise<Finding> =>
  withPair(bench, synchronous, ({ ours, theirs }) =>
    compareSpeed({
      ...bench.rounds(9, 2),
      subject: savingSide('repository.save', size, ours.save, inFlight),
      baseline: savingSide('emmett appendToStream', size, theirs.save, inFlight),
      operations: { count: size.saves, unit: 'saves' },
      expected: savedOutcome(size),
    }),
  );

const load = (bench: Bench): Promise<Finding> =>
  withPair(bench, 'normal', async ({ ours, theirs }) => {
    const ids = Array.from({ length: bench.pick(1_000, 20) }, (_, n) => orderId(n));
    for (const store of [ours, theirs]) await saveOrders(ids, linesEach, store.save);
    return compareSpeed({
      ...bench.rounds(9, 2),
      subject: loadingSide('repository.load', ids, ours.load),
      baseline: loadingSide('emmett aggregateStream', ids, theirs.load),
      operations: { count: ids.length, unit: 'loads' },
      expected: loadedOutcome(ids.length, linesEach),
    });
  });

const group = 'Peers: emmett, both on SQLite';
const inFlight = 64;

/** The SQLite event store beside emmett's. */
export const emmett: readonly Scenario[] = [
  {
    id: 'emmett-save',
    group,
    title: '10 events a save, synchronous=NORMAL',
    bar: null,
    measure: (bench) => save(bench, 'normal', { saves: bench.pick(300, 20), linesEach }, 1),
  },
  {
    id: 'emmett-concurrent-save',
    group,
    title: `1 event a save, ${inFlight} in flight, synchronous=FULL`,
    bar: null,
    measure: (bench) => save(bench, 'full', { saves: bench.pick(512, 128), linesEach: 1 }, inFlight),
  },
  { id: 'emmett-load', group, title: '1,000 aggregates of 10 events', bar: null, measure: load },
];
