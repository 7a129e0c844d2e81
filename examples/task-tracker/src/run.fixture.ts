import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const packageFolder = fileURLToPath(new URL('..', import.meta.url));

/** How a run ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a file of this folder, or of a copy of the example, in a process of its own, with no `OTEL_*` variables but those given. */
export function runFile(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd: string = packageFolder,
): Promise<Outcome> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OTEL_'));
  const env = { ...Object.fromEntries(inherited), ...environment };
  return new Promise((resolve) => {
    const options = ['--import', 'tsx', '--conditions=@es/source', `src/${file}`, ...args];
    const child = execFile(process.execPath, options, { cwd, env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
