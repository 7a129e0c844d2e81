import { AppendListener } from './append-listener.ts';
import type { PostgresConnection } from './postgres-connection.ts';
import { headPosition } from './read-all.ts';

/** How long a connection goes on listening when nobody waits: between two waits a reader reads. */
const lingerMs = 10_000;

/**
 * Wakes who waits for new events: at once by appends of this store and by announcements of others, and by looking from time to time, behind
 * which nothing can stay unseen. It listens and polls only while somebody waits.
 */
export class AppendWatch {
  readonly #connection: PostgresConnection;
  readonly #pollIntervalMs: number;
  readonly #listener: AppendListener | undefined;
  readonly #waiting = new Map<() => void, bigint>();
  #timer: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;

  constructor(connection: PostgresConnection, pollIntervalMs: number, listen: boolean) {
    this.#connection = connection;
    this.#pollIntervalMs = pollIntervalMs;
    // Listening holds a connection; the only one of a pool is needed for everything else.
    const isPossible = listen && connection.maximumConnections !== 1;
    this.#listener = isPossible ? new AppendListener(connection, () => this.wake()) : undefined;
  }

  /** Resolves soon after something was appended behind a position, when the signal is aborted, and sometimes without cause. */
  async wait(after: bigint, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    this.#add(wake, after);
    signal.addEventListener('abort', wake);
    try {
      // Only now, when nothing can be missed any more.
      if (!signal.aborted && (await headPosition(this.#connection, 'waitForEvents')) <= after) await promise;
    } finally {
      signal.removeEventListener('abort', wake);
      this.#remove(wake);
    }
  }

  /** Wakes everyone. */
  wake(): void {
    for (const wake of this.#waiting.keys()) wake();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#linger);
    this.wake();
    await this.#listener?.stop();
  }

  #add(wake: () => void, after: bigint): void {
    this.#waiting.set(wake, after);
    clearTimeout(this.#linger);
    this.#listener?.start();
    // Whoever waits without end should not keep the process alive by that alone.
    this.#timer ??= setInterval(() => void this.#poll(), this.#pollIntervalMs).unref();
  }

  #remove(wake: () => void): void {
    this.#waiting.delete(wake);
    if (this.#waiting.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#linger = setTimeout(() => void this.#listener?.stop(), lingerMs).unref();
  }

  async #poll(): Promise<void> {
    this.#listener?.start();
    try {
      const head = await headPosition(this.#connection, 'waitForEvents');
      for (const [wake, after] of this.#waiting) if (head > after) wake();
    } catch (error) {
      // Those who wait look for themselves, and get the error explained.
      this.#connection.logger.debug({ err: error }, 'poll for appends failed');
      this.wake();
    }
  }
}
