import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A program in a process of its own, which a test may kill. */
export interface Child {
  readonly process: ChildProcess;
  /** The lines that it has written so far. */
  readonly lines: readonly string[];
  /** Resolves when it has ended and its output is closed. */
  readonly ended: Promise<{ readonly code: number | null; readonly errors: string }>;
}

/** Starts a program on the sources, as Node runs them. */
export function startChild(program: URL, input: object): Child {
  const file = fileURLToPath(program);
  const child = spawn(process.execPath, ['--conditions=@es/source', '--no-warnings', file, JSON.stringify(input)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  return { process: child, lines, ended: once(child, 'close').then(([code]) => ({ code, errors })) };
}

/** In the child: what it was started with. */
export function childInput<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}');
}
