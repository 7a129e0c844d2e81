import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, Scenario } from '../harness/bench.ts';
import { compareSpeed } from '../harness/comparison.ts';
import type { Finding } from '../harness/row.ts';
import { median, medianInterval, middleHalf } from '../harness/statistics.ts';
import { LiveReader } from '../work/live-reader.ts';
import { linesOf } from '../work/order.ts';
import { openPostgresStore } from '../work/postgres-store.ts';
import { ReaderProcess } from '../work/reader-process.ts';
import { savedOutcome, savingSide } from '../work/saving.ts';

const group = 'PostgreSQL: live readers';
/** Long enough for the reader to wait again. */
const idleMs = 40;

const measureLatency = async (bench: Bench): Promise<Finding> => {
  const { rounds, warmUps } = bench.rounds(100, 10);
  const url = await bench.databases.own('library');
  const writer = openPostgresStore(url);
  let arrived = Promise.withResolvers<number>();
  // A store of its own, with connections of its own: what it learns it learns from the server.
  const reader = await LiveReader.start(url, () => arrived.resolve(performance.now()));
  const times: number[] = [];
  const cpuBefore = process.cpuUsage();
  for (let round = -warmUps; round < rounds; round += 1) {
    await pause(idleMs);
    arrived = Promise.withResolvers();
    const start = performance.now();
    await writer.append(randomUUID(), linesOf(0, 1));
    const time = (await arrived.promise) - start;
    if (round >= 0) times.push(time);
  }
  const cpu = process.cpuUsage(cpuBefore);
  await reader.stop();
  await writer.close();
  const value = median(times);
  return {
    measure: 'latency',
    clock: 'wall',
    value,
    interval: medianInterval(times),
    spread: middleHalf(times),
    rounds,
    operations: { count: 1, unit: 'events' },
    subject: {
      name: 'appendEvents, then waitForEvents and readAll',
      wallMs: value,
      cpuMs: (cpu.user + cpu.system) / 1_000 / (rounds + warmUps),
      perSecond: 1_000 / value,
    },
  };
};

const measureListener = async (bench: Bench, callers: number): Promise<Finding> => {
  const size = { saves: bench.pick(callers * 50, callers * 2), linesEach: 1 };
  const plan = bench.rounds(9, 2);
  const heardUrl = await bench.databases.own('heard');
  const heard = openPostgresStore(heardUrl);
  const unheard = openPostgresStore(await bench.databases.own('unheard'));
  const reader = await ReaderProcess.start(heardUrl);
  let written = 0;
  const subject = savingSide('somebody listens and reads', size, heard.append, callers);
  const baseline = savingSide('nobody listens', size, unheard.append, callers);
  const finding = await compareSpeed({
    ...plan,
    subject: {
      ...subject,
      run: async () => {
        written += size.saves;
        return subject.run();
      },
    },
    baseline: {
      ...baseline,
      // Not beside a reader that is still at what the other side wrote.
      prepare: async () => {
        await reader.hasSeen(written);
        return baseline.prepare?.();
      },
    },
    operations: { count: size.saves, unit: 'appends' },
    expected: savedOutcome(size),
  });
  await reader.hasSeen(written);
  await reader.stop();
  await heard.close();
  await unheard.close();
  return finding;
};

const listener = (callers: number): Scenario => ({
  id: `postgres-listener-${callers}`,
  group: 'PostgreSQL: what a process that listens and reads costs the writers',
  title: `1 event an append, ${callers} callers`,
  bar: null,
  needs: 'postgres',
  sides: ['with it', 'without'],
  measure: (bench) => measureListener(bench, callers),
});

/** How soon a reader that waits has what is appended, and what it costs those who append. */
export const postgresLive: readonly Scenario[] = [
  {
    id: 'postgres-latency',
    group,
    title: 'from the call of an append until another store has read the event, when idle',
    bar: { kind: 'at most', value: 10 },
    needs: 'postgres',
    measure: measureLatency,
  },
  listener(16),
  listener(64),
];
