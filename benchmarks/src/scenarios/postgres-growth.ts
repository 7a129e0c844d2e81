import type { Bench, Scenario } from '../harness/bench.ts';
import { compareGrowth, type SizedSide } from '../harness/comparison.ts';
import type { Side } from '../harness/rounds.ts';
import type { Finding, Sides } from '../harness/row.ts';
import type { OrderStore } from '../work/order-stores.ts';
import { growPostgres } from '../work/postgres-fill.ts';
import { openPostgresStore } from '../work/postgres-store.ts';
import { savedOutcome, savingSide } from '../work/saving.ts';

const fullSizes = [10_000, 1_000_000, 10_000_000];
const tinySizes = [100, 1_000, 10_000];
/** Events of a page, as many as a reader that is far behind gets at once. */
const pageEvents = 1_000;

interface SizedStore {
  readonly events: number;
  readonly store: OrderStore;
}

const withSizes = async (bench: Bench, measure: (stores: readonly SizedStore[]) => Promise<Finding>): Promise<Finding> => {
  const stores: SizedStore[] = [];
  for (const events of bench.pick(fullSizes, tinySizes)) {
    const url = await bench.databases.shared(`log_${events}`, (empty) => growPostgres(empty, events));
    stores.push({ events, store: openPostgresStore(url) });
  }
  const finding = await measure(stores);
  for (const { store } of stores) await store.close();
  return finding;
};

const append = (bench: Bench): Promise<Finding> =>
  withSizes(bench, (stores) => {
    const size = { saves: bench.pick(100, 10), linesEach: 1 };
    return compareGrowth(
      stores.map(({ events, store }): SizedSide => ({ events, side: savingSide(`${events} events`, size, store.append) })),
      { ...bench.rounds(15, 3), operations: { count: size.saves, unit: 'appends' }, expected: savedOutcome(size) },
    );
  });

/** Pages from places all over the log, each place another one. */
const pagesSide = ({ events, store }: SizedStore, pages: number, pageSize: number): Side => ({
  name: `${events} events`,
  run: async () => {
    let read = 0;
    let inOrder = 0;
    for (let page = 0; page < pages; page += 1) {
      const after = BigInt(Math.floor(((events - pageSize) * page) / pages));
      const found = await store.eventStore.readAll({ after, limit: pageSize }).toArray();
      read += found.length;
      if (found.every(({ position }, index) => position === after + BigInt(index + 1))) inOrder += 1;
    }
    return { read, inOrder };
  },
});

const readPage = (bench: Bench): Promise<Finding> =>
  withSizes(bench, (stores) => {
    const [pages, pageSize] = bench.pick([20, pageEvents], [4, 50]);
    return compareGrowth(
      stores.map((sized): SizedSide => ({ events: sized.events, side: pagesSide(sized, pages, pageSize) })),
      { ...bench.rounds(15, 3), operations: { count: pages, unit: 'pages' }, expected: { read: pages * pageSize, inOrder: pages } },
    );
  });

const common = {
  group: 'PostgreSQL as the log grows',
  bar: null,
  needs: 'postgres',
  sides: ['10,000,000 events', '10,000 events'] satisfies Sides,
} as const;

/** What an append and a page of `readAll` cost on a log of ten million events beside one of ten thousand. */
export const postgresGrowth: readonly Scenario[] = [
  { ...common, id: 'postgres-growth-append', title: '1 event an append', measure: append },
  { ...common, id: 'postgres-growth-read', title: `readAll of a page of ${pageEvents.toLocaleString('en-US')} events`, measure: readPage },
];
