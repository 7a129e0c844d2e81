import { strict as assert } from 'node:assert';
import { Pool } from 'pg';
import type { Bench } from '../harness/bench.ts';
import type { RoundPlan } from '../harness/rounds.ts';
import { linesOf, totalOf } from './order.ts';
import type { OrderStore } from './order-stores.ts';
import { openPostgresStore } from './postgres-store.ts';
import { RawPostgresOrders } from './raw-postgres-orders.ts';
import type { BatchSize } from './saving.ts';

/** Two databases with the same tables and indexes: the library writes to one, the SQL by hand to the other. */
export interface PostgresPair {
  readonly store: OrderStore;
  readonly raw: RawPostgresOrders;
  /** Sees that both hold what all rounds together wrote, and that the library reads the one like the other; then closes them. */
  readonly checkAndClose: (size: BatchSize, plan: Pick<RoundPlan, 'rounds' | 'warmUps'>) => Promise<void>;
}

/**
 * Opens both.
 *
 * @param connections - Of the SQL by hand.
 */
export const openPostgresPair = async ({ databases }: Bench, connections: number): Promise<PostgresPair> => {
  const urls = [await databases.own('library'), await databases.own('by_hand')] as const;
  for (const url of urls) await makeTables(url);
  const store = openPostgresStore(urls[0]);
  const pool = new Pool({ connectionString: urls[1], max: connections });
  return {
    store,
    raw: new RawPostgresOrders(pool),
    checkAndClose: async ({ saves, linesEach }, { rounds, warmUps }) => {
      await pool.end();
      await store.close();
      const streams = saves * (rounds + warmUps);
      for (const url of urls) await checkDatabase(url, { events: streams * linesEach, streams, longest: linesEach });
    },
  };
};

const makeTables = async (url: string): Promise<void> => {
  const store = openPostgresStore(url);
  await store.eventStore.getHeadPosition();
  await store.close();
};

const checkDatabase = async (url: string, contents: { readonly events: number; readonly streams: number; readonly longest: number }) => {
  const pool = new Pool({ connectionString: url });
  const { rows } = await pool.query(
    'SELECT count(*)::int AS events, count(DISTINCT aggregate_id)::int AS streams, max(version) AS longest FROM es.events',
  );
  await pool.end();
  assert.deepEqual(rows, [contents]);
  const store = openPostgresStore(url);
  const [first] = await store.eventStore.readAll({ limit: 1 }).toArray();
  const order = await store.load(first?.aggregateId ?? '');
  assert.deepEqual(order.state, { lines: contents.longest, total: totalOf(linesOf(0, contents.longest)) });
  await store.close();
};
