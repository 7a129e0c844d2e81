import type { AppendOutcome, AppendRequest } from '@es/core';
import { PendingAppend } from './pending-append.ts';

/** Sends a batch of appends, each to another stream; resolves with how each ended, or fails as a whole. */
export type SendBatch = (requests: readonly AppendRequest[]) => Promise<readonly (AppendOutcome | Error)[]>;

/* What one statement may hold: it bounds for how long others wait behind it, and what is sent again when it fails. */
const maximumRows = 1_000;
const maximumBytes = 1_048_576;
const maximumAppends = 100;

/**
 * Group commit: the appends that arrive while one is on its way are sent together as soon as it is back, in order of arrival. One that comes
 * alone goes at once. Appends to the same stream, or with an event id in common, go one after the other.
 */
export class AppendQueue {
  readonly #send: SendBatch;
  readonly #concurrency: number;
  #waiting: PendingAppend[] = [];
  readonly #running = new Set<PendingAppend>();
  #batches = 0;

  /** @param concurrency - How many batches may be on their way at a time. */
  constructor(send: SendBatch, concurrency: number) {
    this.#send = send;
    this.#concurrency = concurrency;
  }

  append(request: AppendRequest, signal?: AbortSignal): Promise<AppendOutcome> {
    const pending = new PendingAppend(request, signal, (self) => {
      this.#waiting = this.#waiting.filter((other) => other !== self);
    });
    this.#waiting.push(pending);
    this.#flush();
    return pending.promise;
  }

  /** Resolves when every append that is here now has ended. */
  async drain(): Promise<void> {
    await Promise.allSettled([...this.#running, ...this.#waiting].map((pending) => pending.promise));
  }

  #flush(): void {
    while (this.#waiting.length > 0 && this.#batches < this.#concurrency) {
      const batch = this.#takeBatch();
      if (batch.length === 0) return;
      void this.#run(batch);
    }
  }

  #takeBatch(): readonly PendingAppend[] {
    const taken = new Taken(this.#running);
    const batch: PendingAppend[] = [];
    const left: PendingAppend[] = [];
    let rows = 0;
    let bytes = 0;
    for (const pending of this.#waiting) {
      const isFree = taken.take(pending.request);
      const fits =
        batch.length === 0 ||
        (batch.length < maximumAppends && rows + pending.request.records.length <= maximumRows && bytes + pending.bytes <= maximumBytes);
      if (!isFree || !fits) {
        left.push(pending);
        continue;
      }
      batch.push(pending);
      rows += pending.request.records.length;
      bytes += pending.bytes;
    }
    this.#waiting = left;
    return batch;
  }

  async #run(batch: readonly PendingAppend[]): Promise<void> {
    this.#batches += 1;
    for (const pending of batch) this.#running.add(pending);
    try {
      const outcomes = await this.#send(batch.map(({ request }) => request));
      for (const [index, pending] of batch.entries()) {
        const outcome = outcomes[index];
        if (outcome === undefined || outcome instanceof Error) pending.reject(outcome);
        else pending.resolve(outcome);
      }
    } catch (error) {
      for (const pending of batch) pending.reject(error);
    } finally {
      for (const pending of batch) this.#running.delete(pending);
      this.#batches -= 1;
      this.#flush();
    }
  }
}

/** The streams and event ids of appends that are on their way, or wait before others. */
class Taken {
  readonly #streams = new Set<string>();
  readonly #ids = new Set<string>();

  constructor(appends: Iterable<PendingAppend>) {
    for (const { request } of appends) this.take(request);
  }

  /** @returns whether nothing of it was taken; in any case it is now. */
  take({ stream, records }: AppendRequest): boolean {
    const before = this.#streams.size + this.#ids.size;
    this.#streams.add(`${stream.aggregateType.length}:${stream.aggregateType}${stream.aggregateId}`);
    for (const { id } of records) this.#ids.add(id);
    return this.#streams.size + this.#ids.size === before + 1 + records.length;
  }
}
