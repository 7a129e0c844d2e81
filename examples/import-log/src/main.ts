import { statSync } from 'node:fs';
import { SqliteCheckpointStore, SqliteEventStore } from '@es/store-sqlite';
import { type Call, parseArguments, UsageError, usage } from './arguments.ts';
import { importLog } from './import-log.ts';
import { openLog } from './log-source.ts';
import { progressDisplay } from './progress.ts';
import { type Expense, importReport, verifyReport } from './report.ts';
import { startCountedTelemetry } from './telemetry.ts';
import { verifyLog } from './verify-log.ts';

const [exitFailed, exitUsage, exitInterrupted] = [1, 2, 130];

/** @returns the report, and the exit code. */
async function run(call: Call, signal: AbortSignal): Promise<{ report: (expense: Expense) => string[]; exitCode: number }> {
  await using eventStore = new SqliteEventStore({ path: call.store });
  const log = openLog(call.log, signal);
  const { lines, fractionRead } = log;
  const { format, inFlight, checkpointEvery, name: logName = log.name } = call;
  if (call.command === 'verify') {
    const summary = await verifyLog({ logName, lines, format, eventStore });
    return { report: (expense) => verifyReport(summary, expense), exitCode: summary.differences.length === 0 ? 0 : exitFailed };
  }
  await using checkpoints = new SqliteCheckpointStore({ path: call.store });
  const progress = progressDisplay(process.stderr);
  try {
    const summary = await importLog({
      logName,
      lines,
      format,
      eventStore,
      checkpoints,
      inFlight,
      checkpointEvery,
      signal,
      onProgress: (reached) => progress.update(reached, fractionRead()),
    });
    return { report: (expense) => importReport(summary, expense), exitCode: summary.stopped ? exitInterrupted : 0 };
  } finally {
    progress.end();
  }
}

async function main(): Promise<number> {
  const call = parseArguments(process.argv.slice(2));
  if (call === undefined) {
    console.log(usage);
    return 0;
  }
  const counted = call.telemetry ? await startCountedTelemetry() : undefined;
  await using _telemetry = counted?.telemetry;
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort());
  const start = performance.now();
  const { report, exitCode } = await run(call, interrupt.signal);
  const seconds = (performance.now() - start) / 1000;
  // The events are stored, whether or not anyone takes the spans.
  await counted?.telemetry.forceFlush().catch((error: Error) => console.error(error.message));
  const peakMemory = process.resourceUsage().maxRSS * 1024;
  console.log(report({ seconds, peakMemory, onDisk: sizeOnDisk(call.store), spans: counted?.counter.spans }).join('\n'));
  return exitCode;
}

function sizeOnDisk(path: string): number {
  return ['', '-wal', '-shm'].reduce((sum, suffix) => sum + (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0), 0);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof UsageError) console.error(`\n${usage}`);
  process.exitCode = error instanceof UsageError ? exitUsage : exitFailed;
}
