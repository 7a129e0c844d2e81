import { AsyncResource } from 'node:async_hooks';
import { AbortedError, type AppendOutcome, type AppendRequest, type OnAppendWait } from '@es/core';
import { sizeOf } from './append-batch.ts';

/** An append that is sent, and who is to be told of its waits. */
export interface SentAppend {
  readonly request: AppendRequest;
  readonly onWait: OnAppendWait | undefined;
}

/** An append between its arrival and its end, as the queue sees it. */
export class PendingAppend implements SentAppend {
  readonly request: AppendRequest;
  readonly onWait: OnAppendWait | undefined;
  readonly bytes: number;
  /** Until when it waits for its stream, on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly promise: Promise<AppendOutcome>;
  readonly #context = new AsyncResource('PendingAppend');
  readonly #settled: PromiseWithResolvers<AppendOutcome> = Promise.withResolvers();
  #stopListening: (() => void) | undefined;
  #timesHeld = 0;
  #heldSince = 0;

  /** @param onAbort - Called when the signal is aborted before the end; by then the append has failed. */
  constructor({ request, onWait }: SentAppend, waitMs: number, signal: AbortSignal | undefined, onAbort: (self: PendingAppend) => void) {
    this.request = request;
    this.onWait = onWait;
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

  /** How often its stream was held by someone else. */
  get timesHeld(): number {
    return this.#timesHeld;
  }

  /** Notes that its stream is held by someone else. */
  hold(): void {
    if (this.#timesHeld === 0) this.#heldSince = performance.now();
    this.#timesHeld += 1;
  }

  /** Only the first end counts. */
  resolve(outcome: AppendOutcome): void {
    this.#end();
    this.#settled.resolve(outcome);
  }

  reject(error: unknown): void {
    this.#end(error);
    this.#settled.reject(error);
  }

  #end(error?: unknown): void {
    this.#stopListening?.();
    if (this.#timesHeld > 0) this.onWait?.({ waitedFor: 'stream', seconds: (performance.now() - this.#heldSince) / 1_000, error });
    this.#timesHeld = 0;
  }
}
