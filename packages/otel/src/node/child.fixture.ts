import { spawn } from 'node:child_process';

/** How a child process ended, and what it printed. */
export interface ChildResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a script run by {@link runScript} imports this package's sources from. */
export const NODE_ENTRY: string = new URL('./index.ts', import.meta.url).href;
export const MAIN_ENTRY: string = new URL('../index.ts', import.meta.url).href;

const DEADLINE_MILLIS = 30_000;

/** Runs a script as an ECMAScript module in a Node process of its own, with no `OTEL_*` variables but those given. */
export async function runScript(
  script: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<ChildResult> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OTEL_') && name !== 'NODE_OPTIONS');
  const child = spawn(process.execPath, [...args, '--input-type=module', '--eval', script], {
    env: { ...Object.fromEntries(inherited), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: DEADLINE_MILLIS,
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, ...output };
}
