import { onAppend } from './append-signal.ts';
import { headPosition } from './read-all.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/** Changes whenever another connection, of whatever process, has committed something to the file. */
const selectDataVersion = 'PRAGMA data_version';

/** Wakes who waits for new events: at once by appends of this process, within the poll interval by those of others. It polls only for them. */
export class AppendWatch {
  readonly #connection: SqliteConnection;
  readonly #pollIntervalMs: number;
  readonly #waiting = new Set<() => void>();
  #stop: (() => void) | undefined;
  #dataVersion: unknown;

  constructor(connection: SqliteConnection, pollIntervalMs: number) {
    this.#connection = connection;
    this.#pollIntervalMs = pollIntervalMs;
  }

  /** Resolves soon after something was appended behind a position, when the signal is aborted, and sometimes without cause. */
  async wait(after: bigint, signal: AbortSignal): Promise<void> {
    if (this.#waiting.size === 0) this.#dataVersion = await this.#connection.read('waitForEvents', () => this.#readDataVersion());
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#add(wake);
    signal.addEventListener('abort', wake);
    try {
      // Only now, when nothing can be missed any more.
      const head = await this.#connection.read('waitForEvents', () => headPosition(this.#connection));
      if (BigInt(head) <= after && !signal.aborted) await promise;
    } finally {
      signal.removeEventListener('abort', wake);
      this.#remove(wake);
    }
  }

  #add(wake: () => void): void {
    this.#waiting.add(wake);
    this.#stop ??= this.#start();
  }

  #remove(wake: () => void): void {
    this.#waiting.delete(wake);
    if (this.#waiting.size > 0) return;
    this.#stop?.();
    this.#stop = undefined;
  }

  #start(): () => void {
    const stopListening = onAppend(this.#connection.identity, () => this.#wakeAll());
    const timer = setInterval(() => this.#poll(), this.#pollIntervalMs);
    // Whoever waits without end should not keep the process alive by that alone.
    timer.unref();
    return () => {
      stopListening();
      clearInterval(timer);
    };
  }

  #poll(): void {
    try {
      const dataVersion = this.#readDataVersion();
      if (dataVersion === this.#dataVersion) return;
      this.#dataVersion = dataVersion;
    } catch (error) {
      // Those who wait look for themselves, and get the error explained.
      this.#connection.logger.debug({ err: error }, 'poll for appends of other processes failed');
    }
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
  }

  #readDataVersion(): unknown {
    const [version] = this.#connection.statement(selectDataVersion).get() as readonly [number];
    return version;
  }
}
