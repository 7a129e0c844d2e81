import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Finding } from '../harness/row.ts';
import { openFilePair } from '../work/file-pair.ts';
import { savedOutcome, savingSide } from '../work/saving.ts';

const inFlight = 64;

const measure = async (bench: Bench): Promise<Finding> => {
  const size = { saves: bench.pick(1_024, 128), linesEach: 1 };
  const plan = bench.rounds(9, 2);
  const { store, raw, checkAndClose } = await openFilePair(bench, 'full');
  const finding = await compareSpeed({
    ...plan,
    subject: savingSide(`repository.save, ${inFlight} in flight`, size, store.save, inFlight),
    baseline: savingSide('better-sqlite3 by hand, a transaction each', size, raw.save),
    operations: { count: size.saves, unit: 'saves' },
    expected: savedOutcome(size),
  });
  await checkAndClose(size, plan);
  return finding;
};

/** What group commit is for: many callers, each with one event, each save durable before it resolves. */
export const sqliteConcurrentSave: Scenario = {
  id: 'sqlite-concurrent-save',
  group: 'SQLite beside SQL by hand: writing',
  title: `1 event a save, ${inFlight} saves in flight, synchronous=FULL`,
  bar: { kind: 'at least', value: 3 },
  measure,
};
