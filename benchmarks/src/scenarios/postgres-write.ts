import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Finding } from '../harness/row.ts';
import type { OrderStore } from '../work/order-stores.ts';
import { openPostgresPair } from '../work/postgres-pair.ts';
import { type BatchSize, type SaveOrder, savedOutcome, savingSide } from '../work/saving.ts';

interface Writing {
  readonly size: BatchSize;
  readonly name: string;
  readonly by: (store: OrderStore) => SaveOrder;
  readonly callers?: number;
}

const measure = async (bench: Bench, { size, name, by, callers = 1 }: Writing): Promise<Finding> => {
  const plan = bench.rounds(15, 3);
  const { store, raw, checkAndClose } = await openPostgresPair(bench, callers);
  const finding = await compareSpeed({
    ...plan,
    subject: savingSide(name, size, by(store), callers),
    baseline: savingSide(`pg by hand, ${callers} connections`, size, raw.save, callers),
    operations: { count: size.saves, unit: name },
    expected: savedOutcome(size),
  });
  await checkAndClose(size, plan);
  return finding;
};

const group = 'PostgreSQL beside SQL by hand: writing';
const atLeast = (value: number) => ({ kind: 'at least', value }) as const;
const appends = { name: 'appends', by: ({ append }: OrderStore) => append };
const saves = { name: 'saves', by: ({ save }: OrderStore) => save };

const scenario = (id: string, title: string, bar: number | null, writing: (bench: Bench) => Writing): Scenario => ({
  id: `postgres-${id}`,
  group,
  title,
  bar: bar === null ? null : atLeast(bar),
  needs: 'postgres',
  measure: (bench) => measure(bench, writing(bench)),
});

/** New streams, beside one conditional insert each by hand: what one caller gets, and what many get. */
export const postgresWrite: readonly Scenario[] = [
  scenario('append', '1 event an append, one caller', 0.9, (bench) => ({
    ...appends,
    size: { saves: bench.pick(300, 20), linesEach: 1 },
  })),
  scenario('append-16', '1 event an append, 16 callers', 1.5, (bench) => ({
    ...appends,
    size: { saves: bench.pick(800, 64), linesEach: 1 },
    callers: 16,
  })),
  scenario('append-64', '1 event an append, 64 callers', null, (bench) => ({
    ...appends,
    size: { saves: bench.pick(1_600, 128), linesEach: 1 },
    callers: 64,
  })),
  scenario('save', '10 events a save, one caller', 0.9, (bench) => ({ ...saves, size: { saves: bench.pick(200, 20), linesEach: 10 } })),
  scenario('append-10', '10 events an append without aggregates, one caller', null, (bench) => ({
    ...appends,
    size: { saves: bench.pick(200, 20), linesEach: 10 },
  })),
  scenario('append-1000', '1,000 events an append, one caller', 0.8, (bench) => ({
    ...appends,
    size: { saves: bench.pick(8, 2), linesEach: 1_000 },
  })),
];
