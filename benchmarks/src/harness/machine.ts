import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './statistics.ts';

/** What the figures depend on besides the code. No name of the machine. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Median time to force 4 KiB onto the disk: what synchronous=FULL costs each commit here. */
  readonly syncMs: number;
  /** How many processes wanted to run in the last minute before the start: much more than none is noise. */
  readonly loadBefore: number;
}

const syncs = 50;

const syncTime = (folder: string): number => {
  const file = openSync(join(folder, 'sync.tmp'), 'w');
  const block = Buffer.alloc(4_096, 1);
  const times = Array.from({ length: syncs }, () => {
    const start = performance.now();
    writeSync(file, block);
    fdatasyncSync(file);
    return performance.now() - start;
  });
  closeSync(file);
  return median(times);
};

/** @param folder - On the disk that the benchmarks write to. */
export const describeMachine = (folder: string): Machine => ({
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  syncMs: syncTime(folder),
  loadBefore: loadavg()[0] ?? 0,
});

const measured = [
  '@es/core',
  '@es/store-sqlite',
  '@es/store-postgres',
  '@es/bus-rabbitmq',
  '@es/bus-kafka',
  'better-sqlite3',
  'pg',
  'amqplib',
  'kafkajs',
  '@opentelemetry/sdk-trace',
  'zod',
  '@castore/core',
];

/**
 * Versions of what was measured.
 *
 * @param home - The folder whose `node_modules` has them. Read as files: not every package exports its package.json.
 */
export const packageVersions = (home: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    measured.map((name) => {
      const manifest = JSON.parse(readFileSync(join(home, 'node_modules', name, 'package.json'), 'utf8')) as { readonly version: string };
      return [name, manifest.version];
    }),
  );
