import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** One of the services, as a process of its own. */
export class ServiceProcess {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #ended: Promise<number | string>;
  readonly #lines: string[] = [];
  #onLine: () => void = () => undefined;
  #errors = '';

  constructor(name: 'billing' | 'orders', args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#name = name;
    const program = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
    const process_ = spawn(process.execPath, ['--import=tsx', '--conditions=@es/source', program, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process = process_;
    process_.stderr.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    createInterface(process_.stdout).on('line', (line) => {
      this.#lines.push(line);
      this.#onLine();
    });
    this.#ended = once(process_, 'close').then(([code, signal]: [number | null, string | null]) => code ?? signal ?? 'nothing');
  }

  /** Lines that it has printed so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Resolves when it has printed such a line; rejects when it ends before. */
  async printed(pattern: RegExp): Promise<void> {
    const found = new Promise<void>((resolve) => {
      this.#onLine = () => {
        if (this.#lines.some((line) => pattern.test(line))) resolve();
      };
      this.#onLine();
    });
    const tooEarly = this.#ended.then((how) => Promise.reject(this.#failure(`ended with ${how} before it printed ${pattern}`)));
    await Promise.race([found, tooEarly]);
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
    return new Error(`The service ${this.#name} ${what}:\n${this.#lines.join('\n')}\n${this.#errors}`);
  }
}
