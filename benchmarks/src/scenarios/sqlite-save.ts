import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Finding } from '../harness/row.ts';
import { openFilePair } from '../work/file-pair.ts';
import type { OrderStore } from '../work/order-stores.ts';
import type { Synchronous } from '../work/raw-orders.ts';
import { type SaveOrder, savedOutcome, savingSide } from '../work/saving.ts';
import { schemaOptions } from '../work/schema-options.ts';

interface Saving {
  readonly synchronous: Synchronous;
  readonly validatedBy?: 'zod';
  readonly name: string;
  readonly by: (store: OrderStore) => SaveOrder;
}

const measure = async (bench: Bench, { synchronous, validatedBy, name, by }: Saving): Promise<Finding> => {
  const size = { saves: bench.pick(synchronous === 'full' ? 300 : 400, 20), linesEach: 10 };
  const plan = bench.rounds(11, 3);
  const { store, raw, checkAndClose } = await openFilePair(bench, synchronous, await schemaOptions(validatedBy));
  const finding = await compareSpeed({
    ...plan,
    subject: savingSide(name, size, by(store)),
    baseline: savingSide('better-sqlite3 by hand', size, raw.save),
    operations: { count: size.saves, unit: 'saves' },
    expected: savedOutcome(size),
  });
  await checkAndClose(size, plan);
  return finding;
};

const group = 'SQLite beside SQL by hand: writing';
const half = { kind: 'at least', value: 0.5 } as const;
const aggregates = { name: 'repository.save', by: ({ save }: OrderStore) => save };

/** Ten events a save, one save after the other, against the same rows by hand. */
export const sqliteSave: readonly Scenario[] = [
  {
    id: 'sqlite-save-full',
    group,
    title: '10 events a save, synchronous=FULL',
    bar: half,
    measure: (bench) => measure(bench, { ...aggregates, synchronous: 'full' }),
  },
  {
    id: 'sqlite-save-normal',
    group,
    title: '10 events a save, synchronous=NORMAL',
    bar: half,
    measure: (bench) => measure(bench, { ...aggregates, synchronous: 'normal' }),
  },
  {
    id: 'sqlite-append-normal',
    group,
    title: '10 events an append without aggregates, synchronous=NORMAL',
    bar: half,
    measure: (bench) => measure(bench, { name: 'eventStore.appendEvents', by: ({ append }) => append, synchronous: 'normal' }),
  },
  {
    id: 'sqlite-save-zod',
    group,
    title: '10 events a save, each validated by zod, synchronous=NORMAL',
    bar: null,
    measure: (bench) => measure(bench, { ...aggregates, synchronous: 'normal', validatedBy: 'zod' }),
  },
];
