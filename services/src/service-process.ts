import { type ChildProcess, spawn } from 'node:child_process';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

const patienceMs = 60_000;

/** A program of the workspace as a process of its own, run by tsx on the sources. Its package depends on tsx. */
export class ServiceProcess implements AsyncDisposable {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<number | string>;
  readonly #lines: string[] = [];
  #onLine: () => void = () => undefined;
  #errors = '';

  /** @param env - what it finds in its environment beside what this process has. */
  constructor(program: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#name = basename(program, '.ts');
    const child = spawn(process.execPath, ['--import=tsx', '--conditions=@es/source', program, ...args], {
      cwd: dirname(program),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    createInterface(child.stdout).on('line', (line) => {
      this.#lines.push(line);
      this.#onLine();
    });
    this.#ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? 'nothing')));
  }

  /** Lines that it has printed so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Resolves when it has printed so many such lines; rejects when it ends before, or has not within a minute. */
  async printed(pattern: RegExp, count = 1): Promise<void> {
    const found = new Promise<void>((resolve) => {
      this.#onLine = () => {
        if (this.#lines.filter((line) => pattern.test(line)).length >= count) resolve();
      };
      this.#onLine();
    });
    const tooEarly = this.#ended.then((how) => Promise.reject(this.#failure(`ended with ${how} before it printed ${pattern}`)));
    const patience = new AbortController();
    const tooLate = delay(patienceMs, undefined, { signal: patience.signal }).then(() =>
      Promise.reject(this.#failure(`did not print ${pattern} ${count} times within ${patienceMs} ms`)),
    );
    await Promise.race([found, tooEarly, tooLate]).finally(() => patience.abort());
  }

  /** Resolves when it has ended well. */
  async ended(): Promise<void> {
    const how = await this.#ended;
    if (how !== 0) throw this.#failure(`ended with ${how}`);
  }

  /** Asks it to end, and waits for that. */
  async end(): Promise<void> {
    this.#process.kill('SIGTERM');
    await this.ended();
  }

  /** Ends it, whatever it is at. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  #failure(what: string): Error {
    return new Error(`${this.#name} ${what}:\n${this.#lines.join('\n')}\n${this.#errors}`);
  }
}
