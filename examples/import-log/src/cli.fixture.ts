import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** The small log that comes with the example. */
export const parcelsLog: string = fileURLToPath(new URL('../data/parcels.ndjson', import.meta.url));

/** How the small log is read. */
export const parcelArguments: readonly string[] = ['--aggregate-type', 'Parcel', '--id-field', 'parcel', '--type-field', 'event'];

/** How a run of the tool ended. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A run of the tool in a process of its own: that process, with nothing in between, so that a signal reaches it. */
export function startCli(args: readonly string[]): { readonly child: ChildProcessWithoutNullStreams; readonly outcome: Promise<Outcome> } {
  const child = spawn(process.execPath, ['--import', 'tsx', '--conditions=@es/source', 'src/main.ts', ...args], { cwd: packageFolder });
  return { child, outcome: outcomeOf(child) };
}

/** Runs the tool to its end. */
export async function runCli(...args: readonly string[]): Promise<Outcome> {
  const { child, outcome } = startCli(args);
  child.stdin.end();
  return outcome;
}

async function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // What was written to a process that was killed meets a closed pipe.
  child.stdin.on('error', () => undefined);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}
