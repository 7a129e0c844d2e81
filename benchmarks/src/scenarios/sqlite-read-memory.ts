import { strict as assert } from 'node:assert';
import type { Bench, Scenario } from '../harness/bench.ts';
import { measurePeak } from '../harness/peak-memory.ts';
import type { Outcome } from '../harness/rounds.ts';
import type { Finding } from '../harness/row.ts';
import { OrderStore } from '../work/order-stores.ts';
import { RawOrders } from '../work/raw-orders.ts';
import { readEvents, readRaw } from '../work/reading.ts';
import { readAllOutcome, seededEvents } from '../work/seed.ts';

const measure = async (bench: Bench, name: string, read: () => Promise<Outcome> | Outcome): Promise<Finding> => {
  const peak = await measurePeak(async () => assert.deepEqual(await read(), readAllOutcome(bench.seedSize)));
  const count = seededEvents(bench.seedSize);
  return {
    measure: 'memory',
    clock: 'none',
    value: peak.overBaseMiB,
    interval: [peak.overBaseMiB, peak.overBaseMiB],
    spread: [peak.overBaseMiB, peak.overBaseMiB],
    rounds: 1,
    operations: { count, unit: 'events' },
    subject: { name, wallMs: peak.wallMs, cpuMs: peak.cpuMs, perSecond: (count / peak.wallMs) * 1_000 },
  };
};

const group = 'SQLite beside SQL by hand: reading';

/** How much the process grows while it reads the whole log. The process has done nothing before. */
export const sqliteReadMemory: readonly Scenario[] = [
  {
    id: 'sqlite-read-memory',
    group,
    title: 'peak memory of reading 200,000 events',
    bar: { kind: 'at most', value: 60 },
    processes: 3,
    measure: async (bench) => {
      const store = OrderStore.onSqlite(bench.seedPath, 'full');
      const finding = await measure(bench, 'for await (… of readAll())', () => readEvents(store));
      await store.close();
      return finding;
    },
  },
  {
    id: 'sqlite-read-memory-raw',
    group,
    title: 'peak memory of reading 200,000 events by hand',
    bar: null,
    processes: 3,
    measure: async (bench) => {
      const raw = new RawOrders(bench.seedPath, 'full');
      const finding = await measure(bench, 'better-sqlite3 by hand', () => readRaw(raw));
      raw.close();
      return finding;
    },
  },
];
