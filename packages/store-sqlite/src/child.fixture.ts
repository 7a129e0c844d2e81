import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** How a program ended. */
export interface ChildEnd {
  readonly code: number | null;
  readonly signal: string | null;
  readonly errors: string;
}

/** A program of this folder in a process of its own. */
export interface Child {
  readonly process: ChildProcess;
  /** The next line that it writes; `undefined` at the end. */
  nextLine(): Promise<string | undefined>;
  /** All lines that are still to come. */
  restOfLines(): Promise<string[]>;
  /** Lets a child go on that waits in `startSignal()`. */
  go(): void;
  /** Resolves when it has ended and its output is closed. */
  readonly ended: Promise<ChildEnd>;
}

const ready = 'ready';

/** Starts a program on the sources, as Node runs them. */
export function startChild(program: string, input: object, nodeOptions: readonly string[] = []): Child {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const options = ['--conditions=@es/source', '--disable-warning=ExperimentalWarning', ...nodeOptions];
  const child = spawn(process.execPath, [...options, file, JSON.stringify(input)], { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string | undefined> => {
    const { done, value } = await lines.next();
    return done === true ? undefined : value;
  };
  return {
    process: child,
    nextLine,
    restOfLines: async () => {
      const rest: string[] = [];
      for (let line = await nextLine(); line !== undefined; line = await nextLine()) rest.push(line);
      return rest;
    },
    go: () => child.stdin.write('go\n'),
    ended: once(child, 'close').then(([code, signal]) => ({ code, signal, errors })),
  };
}

/** Runs a program to its end. Gives back what it wrote: one JSON value a line. */
export async function runChild<T>(program: string, input: object, nodeOptions: readonly string[] = []): Promise<T[]> {
  return resultsOf<T>(startChild(program, input, nodeOptions));
}

/** Runs a program several times at once: all start their work, behind `startSignal()`, at the same moment. */
export async function runTogether<T>(program: string, inputs: readonly object[]): Promise<T[]> {
  const children = inputs.map((input) => startChild(program, input));
  for (const child of children) {
    const line = await child.nextLine();
    if (line !== ready) throw new Error(`${program} did not get ready: ${line ?? (await child.ended).errors}`);
  }
  for (const child of children) child.go();
  return (await Promise.all(children.map((child) => resultsOf<T>(child)))).flat();
}

/** In the child: what it was started with. */
export function childInput<T>(): T {
  return JSON.parse(process.argv[2] ?? '{}');
}

/** In the child: says that it is ready and waits until it may start. */
export async function startSignal(): Promise<void> {
  process.stdout.write(`${ready}\n`);
  await once(process.stdin, 'data');
  process.stdin.unref();
}

async function resultsOf<T>(child: Child): Promise<T[]> {
  const lines = await child.restOfLines();
  const { code, errors } = await child.ended;
  if (code !== 0) throw new Error(`A child ended with ${code}: ${errors}`);
  return lines.map((line) => JSON.parse(line));
}
