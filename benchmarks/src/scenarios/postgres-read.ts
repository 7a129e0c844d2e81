import { Pool } from 'pg';
import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Outcome } from '../harness/rounds.ts';
import type { Finding } from '../harness/row.ts';
import { loadedOutcome, loadingSide } from '../work/loading.ts';
import type { OrderStore } from '../work/order-stores.ts';
import { seedPostgres } from '../work/postgres-fill.ts';
import { openPostgresStore } from '../work/postgres-store.ts';
import { RawPostgresOrders } from '../work/raw-postgres-orders.ts';
import { readEvents, readPages, readRawPages } from '../work/reading.ts';
import { linesEach, longOrderId, readAllOutcome, seededEvents, someOrderIds } from '../work/seed.ts';

/** Both sides read one database, each by one connection of its own. */
const withSeed = async (bench: Bench, measure: (store: OrderStore, raw: RawPostgresOrders) => Promise<Finding>): Promise<Finding> => {
  const url = await bench.databases.shared('seed', (empty) => seedPostgres(empty, bench.seedSize));
  const store = openPostgresStore(url);
  const pool = new Pool({ connectionString: url });
  const finding = await measure(store, new RawPostgresOrders(pool));
  await pool.end();
  await store.close();
  return finding;
};

const load = (bench: Bench, ids: readonly string[], lines: number): Promise<Finding> =>
  withSeed(bench, (store, raw) =>
    compareSpeed({
      ...bench.rounds(11, 3),
      subject: loadingSide('repository.load', ids, store.load),
      baseline: loadingSide('pg by hand', ids, raw.load),
      operations: { count: ids.length, unit: 'loads' },
      expected: loadedOutcome(ids.length, lines),
    }),
  );

const readAll = (bench: Bench, name: string, read: (store: OrderStore) => Promise<Outcome>): Promise<Finding> =>
  withSeed(bench, (store, raw) =>
    compareSpeed({
      ...bench.rounds(7, 2),
      subject: { name, run: () => read(store) },
      baseline: { name: 'pg by hand', run: () => readRawPages(raw) },
      operations: { count: seededEvents(bench.seedSize), unit: 'events' },
      expected: readAllOutcome(bench.seedSize),
    }),
  );

const common = { group: 'PostgreSQL beside SQL by hand: reading', needs: 'postgres' } as const;
const bar = { kind: 'at least', value: 0.7 } as const;

/** Aggregates out of their events, and the whole log in order, against the same by hand. */
export const postgresRead: readonly Scenario[] = [
  {
    ...common,
    id: 'postgres-load-many',
    title: '2,000 aggregates of 10 events, one after the other',
    bar,
    measure: (bench) => load(bench, someOrderIds(bench.seedSize, bench.pick(2_000, 20)), linesEach),
  },
  {
    ...common,
    id: 'postgres-load-long',
    title: 'one aggregate of 10,000 events',
    bar,
    measure: (bench) => load(bench, new Array(bench.pick(4, 2)).fill(longOrderId), bench.seedSize.longOrder),
  },
  {
    ...common,
    id: 'postgres-read-all',
    title: 'readAll of 200,000 events, event by event',
    bar,
    measure: (bench) => readAll(bench, 'for await (… of readAll())', readEvents),
  },
  {
    ...common,
    id: 'postgres-read-all-pages',
    title: 'readAll of 200,000 events, page by page',
    bar: null,
    measure: (bench) => readAll(bench, 'for await (… of readAll().pages())', readPages),
  },
];
