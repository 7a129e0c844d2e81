import { collectGarbage } from './rounds.ts';

const mebibyte = 1_048_576;

/** What this process holds on to, in MiB: its heap and its buffers after a garbage collection. */
export const liveMiB = (): number => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / mebibyte;
};
