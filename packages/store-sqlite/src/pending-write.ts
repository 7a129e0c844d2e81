import { AbortedError } from '@es/core';

/** One write: all of it is committed or nothing. */
export interface WriteRequest<T> {
  /** Runs inside a transaction, and again if that has to be repeated. */
  readonly run: () => T;
  /** How many rows it writes. */
  readonly rows: number;
  /** Roughly how much it writes. */
  readonly bytes: number;
  /** The call behind it, for messages. */
  readonly operation: string;
  /** How long it may wait for others, in milliseconds. */
  readonly waitMs: number;
  /** Called at the end where others held the file, with how long that was, and what the write failed with. */
  readonly onWait?: ((seconds: number, error?: unknown) => void) | undefined;
}

/** A write between its arrival and its end, as the queue sees it. */
export interface QueuedWrite {
  readonly rows: number;
  readonly bytes: number;
  /** On the clock of `performance.now()`. */
  readonly deadline: number;
  readonly promise: Promise<unknown>;
  /** Runs inside a transaction; does nothing after the write has ended. */
  run(): void;
  /** Notes that another connection holds the file. */
  hold(): void;
  /** Ends it, with what the last run gave, since that is committed. */
  succeed(): void;
  /** Ends it with an error, since nothing of it is committed. */
  fail(error: unknown): void;
}

/** A write whose caller waits for what it returns. Only its first end counts. */
export class PendingWrite<T> implements QueuedWrite {
  readonly rows: number;
  readonly bytes: number;
  readonly deadline: number;
  readonly promise: Promise<T>;
  readonly #end: PromiseWithResolvers<T> = Promise.withResolvers();
  readonly #run: () => T;
  readonly #onWait: WriteRequest<T>['onWait'];
  #heldSince: number | undefined;
  #result: (() => void) | undefined;
  #hasEnded = false;
  #stopListening: (() => void) | undefined;

  /** @param onAbort - Called when the signal is aborted before the end, after the write has failed by that. */
  constructor({ run, rows, bytes, operation, waitMs, onWait }: WriteRequest<T>, signal: AbortSignal | undefined, onAbort: () => void) {
    this.#run = run;
    this.#onWait = onWait;
    this.rows = rows;
    this.bytes = bytes;
    this.deadline = performance.now() + waitMs;
    this.promise = this.#end.promise;
    if (signal === undefined) return;
    const abort = (): void => {
      this.fail(new AbortedError(operation, signal.reason));
      onAbort();
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#stopListening = () => signal.removeEventListener('abort', abort);
  }

  run(): void {
    if (this.#hasEnded) return;
    const value = this.#run();
    this.#result = () => this.#end.resolve(value);
  }

  hold(): void {
    this.#heldSince ??= performance.now();
  }

  succeed(): void {
    this.#endWith(() => this.#result?.());
  }

  fail(error: unknown): void {
    this.#endWith(() => this.#end.reject(error), error);
  }

  #endWith(settle: () => void, error?: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#stopListening?.();
    if (this.#heldSince !== undefined) this.#onWait?.((performance.now() - this.#heldSince) / 1_000, error);
    settle();
  }
}
