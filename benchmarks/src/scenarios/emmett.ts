import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Finding } from '../harness/row.ts';
import { type EmmettOrders, openEmmettOnPostgres, openEmmettOnSqlite } from '../work/emmett-orders.ts';
import { loadedOutcome, loadingSide } from '../work/loading.ts';
import { OrderStore } from '../work/order-stores.ts';
import { openPostgresStore } from '../work/postgres-store.ts';
import type { Synchronous } from '../work/raw-orders.ts';
import { type BatchSize, savedOutcome, saveOrders, savingSide } from '../work/saving.ts';
import { linesEach, orderId } from '../work/seed.ts';

interface Pair {
  readonly ours: OrderStore;
  readonly theirs: EmmettOrders;
}

type WithPair = (measure: (pair: Pair) => Promise<Finding>) => Promise<Finding>;

const measureAndClose = async (pair: Pair, measure: (pair: Pair) => Promise<Finding>): Promise<Finding> => {
  const finding = await measure(pair);
  await pair.theirs.close();
  await pair.ours.close();
  return finding;
};

const onSqlite =
  (bench: Bench, synchronous: Synchronous): WithPair =>
  async (measure) => {
    const theirs = await openEmmettOnSqlite(bench.path('emmett.db'), synchronous);
    return measureAndClose({ ours: OrderStore.onSqlite(bench.path('library.db'), synchronous), theirs }, measure);
  };

const onPostgres =
  ({ databases }: Bench): WithPair =>
  async (measure) => {
    const theirs = await openEmmettOnPostgres(await databases.own('emmett'));
    return measureAndClose({ ours: openPostgresStore(await databases.own('library')), theirs }, measure);
  };

const save = (bench: Bench, withPair: WithPair, size: BatchSize, inFlight: number): Promise<Finding> =>
  withPair(({ ours, theirs }) =>
    compareSpeed({
      ...bench.rounds(9, 2),
      subject: savingSide('repository.save', size, ours.save, inFlight),
      baseline: savingSide('emmett appendToStream', size, theirs.save, inFlight),
      operations: { count: size.saves, unit: 'saves' },
      expected: savedOutcome(size),
    }),
  );

const load = (bench: Bench, withPair: WithPair): Promise<Finding> =>
  withPair(async ({ ours, theirs }) => {
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
    measure: (bench) => save(bench, onSqlite(bench, 'normal'), { saves: bench.pick(300, 20), linesEach }, 1),
  },
  {
    id: 'emmett-concurrent-save',
    group,
    title: `1 event a save, ${inFlight} in flight, synchronous=FULL`,
    bar: null,
    measure: (bench) => save(bench, onSqlite(bench, 'full'), { saves: bench.pick(512, 128), linesEach: 1 }, inFlight),
  },
  {
    id: 'emmett-load',
    group,
    title: '1,000 aggregates of 10 events',
    bar: null,
    measure: (bench) => load(bench, onSqlite(bench, 'normal')),
  },
];

const common = { group: 'Peers: emmett, both on PostgreSQL', bar: null, needs: 'postgres' } as const;

/** The PostgreSQL event store beside emmett's. */
export const emmettPostgres: readonly Scenario[] = [
  {
    ...common,
    id: 'emmett-postgres-save',
    title: '10 events a save',
    measure: (bench) => save(bench, onPostgres(bench), { saves: bench.pick(150, 20), linesEach }, 1),
  },
  {
    ...common,
    id: 'emmett-postgres-save-one',
    title: '1 event a save',
    measure: (bench) => save(bench, onPostgres(bench), { saves: bench.pick(200, 20), linesEach: 1 }, 1),
  },
  {
    ...common,
    id: 'emmett-postgres-concurrent-save',
    title: '1 event a save, 16 in flight',
    measure: (bench) => save(bench, onPostgres(bench), { saves: bench.pick(512, 64), linesEach: 1 }, 16),
  },
  { ...common, id: 'emmett-postgres-load', title: '1,000 aggregates of 10 events', measure: (bench) => load(bench, onPostgres(bench)) },
];
