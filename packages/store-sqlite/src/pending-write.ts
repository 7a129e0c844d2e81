import { AbortedError } from '@es/core';

/** One write: all of it happens or nothing. */
export interface WriteRequest<T> {
  /** Runs inside a transaction, and again if that is tried again. When it throws, it has changed nothing. */
  readonly run: () => T;
  /** How many rows it writes. */
  readonly rows: number;
  /** Roughly how much it writes. */
  readonly bytes: number;
  /** The call behind it, for messages. */
  readonly operation: string;
  /** How long it may wait for others. */
  readonly waitMs: number;
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** A write between its arrival and its end, as the queue sees it. */
export interface QueuedWrite {
  readonly rows: number;
  readonly bytes: number;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly promise: Promise<unknown>;
  /**
   * Runs the write, unless it has ended already, and keeps how that went.
   *
   * @returns what it threw, if anything.
   */
  attempt(): unknown;
  /** Makes it end with an error, whatever it did before. */
  fail(error: unknown): void;
  /** Tells its caller how it ended; only the first time counts. */
  settle(): void;
}

/** A write whose caller waits for what it returns. */
export class PendingWrite<T> implements QueuedWrite {
  readonly rows: number;
  readonly bytes: number;
  readonly deadline: number;
  readonly promise: Promise<T>;
  readonly #run: () => T;
  #outcome: Outcome<T> | undefined;
  #hasEnded = false;
  readonly #settled: PromiseWithResolvers<T> = Promise.withResolvers();
  #stopListening: (() => void) | undefined;

  /** @param onAbort - Called when the signal is aborted before the end; by then the write has failed. */
  constructor({ run, rows, bytes, operation, waitMs }: WriteRequest<T>, signal: AbortSignal | undefined, onAbort: () => void) {
    this.#run = run;
    this.rows = rows;
    this.bytes = bytes;
    this.deadline = performance.now() + waitMs;
    this.promise = this.#settled.promise;
    if (signal === undefined) return;
    const abort = (): void => {
      this.fail(new AbortedError(operation, signal.reason));
      this.settle();
      onAbort();
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#stopListening = () => signal.removeEventListener('abort', abort);
  }

  attempt(): unknown {
    if (this.#hasEnded) return undefined;
    try {
      this.#outcome = { value: this.#run() };
      return undefined;
    } catch (error) {
      this.#outcome = { error };
      return error;
    }
  }

  fail(error: unknown): void {
    this.#outcome = { error };
  }

  settle(): void {
    if (this.#hasEnded || this.#outcome === undefined) return;
    this.#hasEnded = true;
    this.#stopListening?.();
    if ('error' in this.#outcome) this.#settled.reject(this.#outcome.error);
    else this.#settled.resolve(this.#outcome.value);
  }
}
