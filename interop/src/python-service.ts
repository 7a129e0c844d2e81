import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Where a service in Python meets others. */
export interface PythonBroker {
  readonly system: 'kafka' | 'rabbitmq';
  readonly url: string;
  /** Of the exchange, or what the topic's name begins with. */
  readonly name: string;
  readonly group: string;
}

/** A span that ended in Python. */
export interface PythonSpan {
  readonly name: string;
  readonly kind: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | null;
}

/** What a service in Python says of itself, a line at a time. */
interface Said {
  readonly ready?: true;
  readonly span?: PythonSpan;
  readonly event?: Readonly<Record<string, unknown>>;
}

const program = join(import.meta.dirname, '../python/service.py');

/** `python/service.py` as a process. */
export class PythonService implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #said: Said[] = [];
  #errors = '';
  #onLine: () => void = () => undefined;

  /** @param task - `publish`: the fields of events to publish; `consume`: how many events to wait for. */
  constructor(python: string, task: PythonBroker & ({ readonly publish: readonly object[] } | { readonly consume: number })) {
    const child = spawn(python, [program, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text;
    });
    createInterface(child.stdout).on('line', (line) => {
      this.#said.push(JSON.parse(line) as Said);
      this.#onLine();
    });
    this.#ended = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`service.py ended with ${code}:\n${this.#errors}`))));
    });
    // Whoever waits for its end is told; there may be nobody.
    this.#ended.catch(() => undefined);
  }

  /** The spans that have ended. */
  get spans(): readonly PythonSpan[] {
    return this.#said.flatMap(({ span }) => span ?? []);
  }

  /** The events that it has handled, as Python writes them. */
  get events(): readonly Readonly<Record<string, unknown>>[] {
    return this.#said.map(({ event }) => event).filter((event) => event !== undefined);
  }

  /** Resolves when it consumes; rejects when it ends with a failure before. */
  ready(): Promise<void> {
    const ready = new Promise<void>((resolve) => {
      this.#onLine = () => {
        if (this.#said.some((said) => said.ready)) resolve();
      };
      this.#onLine();
    });
    return Promise.race([ready, this.#ended]);
  }

  /** Resolves when it has done what it was told and ended; rejects when that failed. */
  ended(): Promise<void> {
    return this.#ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended.catch(() => undefined);
  }
}
