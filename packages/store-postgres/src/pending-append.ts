import { AsyncResource } from 'node:async_hooks';
import { AbortedError, type AppendOutcome, type AppendRequest } from '@es/core';
import { sizeOf } from './append-batch.ts';

/** An append between its arrival and its end, as the queue sees it. */
export class PendingAppend {
  readonly request: AppendRequest;
  readonly bytes: number;
  /** Until when it waits for its stream, on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly promise: Promise<AppendOutcome>;
  readonly #context = new AsyncResource('PendingAppend');
  readonly #settled: PromiseWithResolvers<AppendOutcome> = Promise.withResolvers();
  #stopListening: (() => void) | undefined;
  /** How often its stream was held by someone else. */
  timesHeld = 0;

  /** @param onAbort - Called when the signal is aborted before the end; by then the append has failed. */
  constructor(request: AppendRequest, waitMs: number, signal: AbortSignal | undefined, onAbort: (self: PendingAppend) => void) {
    this.request = request;
    this.bytes = sizeOf(request);
    this.deadline = performance.now() + waitMs;
    this.promise = this.#settled.promise;
    if (signal === undefined) return;
    const abort = (): void => {
      this.reject(new AbortedError('PostgresEventStore.appendEvents', signal.reason));
      onAbort(this);
    };
    signal.addEventListener('abort', abort, { once: true });
    this.#stopListening = () => signal.removeEventListener('abort', abort);
  }

  /** Runs something in the asynchronous context of the caller, whose trace it then belongs to. */
  inContext<T>(fn: () => T): T {
    return this.#context.runInAsyncScope(fn);
  }

  /** Only the first end counts. */
  resolve(outcome: AppendOutcome): void {
    this.#stopListening?.();
    this.#settled.resolve(outcome);
  }

  reject(error: unknown): void {
    this.#stopListening?.();
    this.#settled.reject(error);
  }
}
