import { pauseMs } from './pause.ts';
import { PendingWrite, type QueuedWrite, type WriteRequest } from './pending-write.ts';
import { isBusy } from './sqlite-failure.ts';

/** What the queue needs of the connection that it writes to. */
export interface WriteTarget {
  /** Throws, and may be called again, as long as the connection can't be used. */
  makeReady(): void;
  /** Runs a function in a write transaction; throws after having rolled back. */
  transact(fn: () => void): void;
  /** Whether the transaction is still there. */
  readonly inTransaction: boolean;
}

/* A batch runs in one go, so these bound for how long it keeps the event loop: some ten milliseconds. */
const maximumRows = 500;
const maximumBytes = 1_048_576;

/**
 * Group commit: the writes that arrive within one turn of the event loop share a transaction, and so the price of making it durable, while each
 * succeeds or fails by itself. In order of arrival.
 *
 * While another connection holds the file, the queue tries again until the deadline of each write. What fails the transaction as a whole (a
 * full disk) fails all writes in it, and the queue goes on with the next.
 */
export class WriteQueue {
  readonly #target: WriteTarget;
  readonly #waiting: QueuedWrite[] = [];
  #isScheduled = false;
  #attempts = 0;

  constructor(target: WriteTarget) {
    this.#target = target;
  }

  /** Resolves with what `request.run` returned, once that is committed. Rejects with AbortedError if the signal is aborted before it started. */
  write<T>(request: WriteRequest<T>, signal?: AbortSignal): Promise<T> {
    const pending = new PendingWrite(request, signal, () => this.#remove(pending));
    this.#waiting.push(pending);
    this.#schedule();
    return pending.promise;
  }

  /** Resolves when every write that is waiting now has ended. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#waiting.map((pending) => pending.promise));
  }

  #schedule(): void {
    if (this.#isScheduled || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isScheduled = false;
    const batch = this.#takeBatch();
    if (batch.length === 0) return;
    try {
      this.#target.makeReady();
      this.#target.transact(() => this.#run(batch));
    } catch (error) {
      if (isBusy(error)) {
        this.#tryLater(batch, error);
        return;
      }
      for (const pending of batch) pending.fail(error);
    }
    this.#attempts = 0;
    for (const pending of batch) pending.settle();
    this.#schedule();
  }

  #takeBatch(): readonly QueuedWrite[] {
    let rows = 0;
    let bytes = 0;
    const end = this.#waiting.findIndex((pending, index) => {
      rows += pending.rows;
      bytes += pending.bytes;
      return index > 0 && (rows > maximumRows || bytes > maximumBytes);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  #run(batch: readonly QueuedWrite[]): void {
    for (const pending of batch) {
      const error = pending.attempt();
      if (error !== undefined && (isBusy(error) || !this.#target.inTransaction)) throw error;
    }
  }

  #tryLater(batch: readonly QueuedWrite[], error: unknown): void {
    const now = performance.now();
    for (const pending of [...batch, ...this.#waiting.splice(0)]) {
      if (pending.deadline > now) {
        this.#waiting.push(pending);
      } else {
        pending.fail(error);
        pending.settle();
      }
    }
    if (this.#waiting.length === 0) {
      this.#attempts = 0;
      return;
    }
    this.#isScheduled = true;
    setTimeout(() => this.#flush(), pauseMs(this.#attempts));
    this.#attempts += 1;
  }

  #remove(pending: QueuedWrite): void {
    const index = this.#waiting.indexOf(pending);
    if (index >= 0) this.#waiting.splice(index, 1);
  }
}
