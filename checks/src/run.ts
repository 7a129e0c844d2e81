import { spawnSync } from 'node:child_process';

/** How a command ended, with all that it printed. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end. One that can't be started ends with status `null` and the reason in `stderr`. */
export const run = (
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Outcome => {
  const { status, stdout, stderr, error } = spawnSync(command, args, { ...options, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return { status, stdout: stdout ?? '', stderr: error === undefined ? stderr : error.message };
};
