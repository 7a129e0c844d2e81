import { pauseMs } from './pause.ts';
import { PendingWrite, type QueuedWrite, type WriteRequest } from './pending-write.ts';
import { isBusy } from './sqlite-failure.ts';

/** What the queue needs of the connection that it writes to. */
export interface WriteTarget {
  /** Throws, and may be called again, as long as the connection can't be used. */
  makeReady(): void;
  /** Runs a function in a write transaction; throws after having rolled back. */
  transact(fn: () => void): void;
  /** Runs a function in the current transaction; when it throws, what it wrote is undone. */
  inSavepoint(fn: () => void): void;
  /** Whether the current transaction is still there: SQLite gives up some of them by itself. */
  readonly inTransaction: boolean;
}

/** Writes that could not be done yet, and why. */
interface Busy {
  readonly writes: readonly QueuedWrite[];
  readonly error: unknown;
}

/* A batch runs in one go, so these bound for how long it keeps the event loop: some ten milliseconds. */
const maximumRows = 500;
const maximumBytes = 1_048_576;

/**
 * Group commit: the writes that arrive within one turn of the event loop share a transaction, and so the price of making it durable, while each
 * succeeds or fails by itself. In order of arrival.
 *
 * While another connection holds the file, the queue tries again until the deadline of each write. Where the commit itself fails (the disk),
 * all writes in it fail, and the queue goes on with the next.
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
    const busy = this.#commit(this.#takeBatch());
    if (busy === undefined) this.#attempts = 0;
    else this.#tryLater(busy);
    this.#schedule();
  }

  /** @returns the writes that are still to be done, where the database is busy. */
  #commit(batch: readonly QueuedWrite[]): Busy | undefined {
    if (batch.length === 0) return undefined;
    try {
      this.#target.makeReady();
      if (!this.#tryTogether(batch)) this.#target.transact(() => this.#runApart(batch));
      for (const done of batch) done.succeed();
    } catch (error) {
      if (isBusy(error)) return { writes: batch, error };
      for (const pending of batch) pending.fail(error);
    }
    return undefined;
  }

  /**
   * Runs a batch without the savepoints that nearly never matter and that cost a quarter of the whole.
   *
   * @returns whether it is committed; if not, nothing is, since one of several writes failed.
   */
  #tryTogether(batch: readonly QueuedWrite[]): boolean {
    let isRunning = false;
    try {
      this.#target.transact(() => {
        isRunning = true;
        for (const pending of batch) pending.run();
        isRunning = false;
      });
      return true;
    } catch (error) {
      if (isRunning && batch.length > 1 && !isBusy(error)) return false;
      throw error;
    }
  }

  /** Runs each write such that it fails alone. */
  #runApart(batch: readonly QueuedWrite[]): void {
    for (const pending of batch) {
      try {
        this.#target.inSavepoint(() => pending.run());
      } catch (error) {
        if (isBusy(error) || !this.#target.inTransaction) throw error;
        pending.fail(error);
      }
    }
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

  #tryLater({ writes, error }: Busy): void {
    const now = performance.now();
    for (const pending of [...writes, ...this.#waiting.splice(0)]) {
      pending.hold();
      if (pending.deadline > now) this.#waiting.push(pending);
      else pending.fail(error);
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
