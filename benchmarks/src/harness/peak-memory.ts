import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectGarbage } from './rounds.ts';

/** How far a process grew over what it was before. */
export interface Peak {
  readonly overBaseMiB: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

const mebibyte = 1_048_576;
const sampleEveryMs = 5;

/** The kernel's own high-water mark of this process's resident memory, in bytes; `undefined` where there is none to read. */
const highWaterMark = (): number | undefined => {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  } catch {
    return undefined;
  }
};

/** Puts the kernel's mark back to the present; without that it still has the peak of the process's start. */
const resetHighWaterMark = (): boolean => {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return true;
  } catch {
    return false;
  }
};

/**
 * The greatest resident memory of this process during some work, over that before it. Taken from the kernel where it tells (Linux), which
 * misses nothing, else from samples.
 */
export const measurePeak = async (work: () => Promise<void>): Promise<Peak> => {
  collectGarbage();
  await sleep(sampleEveryMs);
  const base = process.memoryUsage.rss();
  const isMarked = resetHighWaterMark();
  let sampled = base;
  const sample = (): void => {
    sampled = Math.max(sampled, process.memoryUsage.rss());
  };
  const sampler = setInterval(sample, sampleEveryMs);
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  await work();
  const wallMs = performance.now() - start;
  const cpu = process.cpuUsage(cpuBefore);
  clearInterval(sampler);
  sample();
  const peak = Math.max(sampled, (isMarked ? highWaterMark() : undefined) ?? 0);
  return { overBaseMiB: (peak - base) / mebibyte, wallMs, cpuMs: (cpu.user + cpu.system) / 1_000 };
};
