import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Finding } from '../harness/row.ts';
import { loadedOutcome, loadingSide } from '../work/loading.ts';
import { OrderStore } from '../work/order-stores.ts';
import { renewedSide } from '../work/renewed-side.ts';
import { savedOutcome, saveOrders, savingSide } from '../work/saving.ts';
import { linesEach, orderId } from '../work/seed.ts';

const loadCastore = async () => (await import('../work/castore-orders.ts')).CastoreOrders;

const save = async (bench: Bench): Promise<Finding> => {
  const CastoreOrders = await loadCastore();
  const size = { saves: bench.pick(600, 20), linesEach };
  return compareSpeed({
    ...bench.rounds(11, 3),
    subject: renewedSide(() => savingSide('repository.save', size, OrderStore.inMemory().save)),
    baseline: renewedSide(() => savingSide('castore pushEventGroup', size, new CastoreOrders().save)),
    operations: { count: size.saves, unit: 'saves' },
    expected: savedOutcome(size),
  });
};

const load = async (bench: Bench): Promise<Finding> => {
  const CastoreOrders = await loadCastore();
  const ids = Array.from({ length: bench.pick(2_000, 20) }, (_, n) => orderId(n));
  const ours = OrderStore.inMemory();
  const theirs = new CastoreOrders();
  for (const store of [ours, theirs]) await saveOrders(ids, linesEach, store.save);
  return compareSpeed({
    ...bench.rounds(15, 4),
    subject: loadingSide('repository.load', ids, ours.load),
    baseline: loadingSide('castore getExistingAggregate', ids, theirs.load),
    operations: { count: ids.length, unit: 'loads' },
    expected: loadedOutcome(ids.length, linesEach),
  });
};

const group = 'Peers: castore, both in memory';

/** The in-memory event store beside castore's. */
export const castore: readonly Scenario[] = [
  { id: 'castore-save', group, title: '10 events a save', bar: null, measure: save },
  { id: 'castore-load', group, title: '2,000 aggregates of 10 events', bar: null, measure: load },
];
