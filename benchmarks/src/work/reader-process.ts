import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A live reader in a process of its own, as another service would be. */
export class ReaderProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #seen: number | undefined;
  #onNews = (): void => undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#ended = once(child, 'exit').then(() => this.#onNews());
    child.on('message', (seen) => {
      this.#seen = Number(seen);
      this.#onNews();
    });
  }

  /** Resolves when it has begun to read. */
  static async start(url: string): Promise<ReaderProcess> {
    const reader = new ReaderProcess(fork(new URL('./live-reader-process.ts', import.meta.url), [url], { execArgv: [] }));
    await reader.hasSeen(0);
    return reader;
  }

  /** Resolves when it has seen so many events. */
  async hasSeen(events: number): Promise<void> {
    while (this.#seen === undefined || this.#seen < events) await this.#news();
    if (this.#seen > events) throw new Error(`The reader saw ${this.#seen} events where ${events} were written.`);
  }

  async stop(): Promise<void> {
    this.#child.disconnect();
    await this.#ended;
  }

  async #news(): Promise<void> {
    if (this.#child.exitCode !== null) throw new Error(`The process that reads has ended with ${this.#child.exitCode}.`);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onNews = resolve;
    await promise;
  }
}
