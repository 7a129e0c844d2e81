import { setImmediate as nextTurn } from 'node:timers/promises';
import { type AppendOutcome, type AppendRequest, type OnAppendWait, StorageError, type StreamId } from '@es/core';
import { PendingAppend, type SentAppend } from './pending-append.ts';

/** How an append of a batch ended: also with an error of its own, or not at all, since an open transaction holds its stream. */
export type BatchOutcome = AppendOutcome | { readonly status: 'failed'; readonly error: unknown } | { readonly status: 'held' };

/** Sends a batch of appends, each to another stream; resolves with how each ended, or fails as a whole. */
export type SendBatch = (batch: readonly SentAppend[]) => Promise<readonly BatchOutcome[]>;

/* What one statement may hold: it bounds for how long others wait behind it, and what is sent again when it fails. */
const maximumRows = 1_000;
const maximumBytes = 1_048_576;
const maximumAppends = 100;

const shortestPauseMs = 5;
const longestPauseMs = 50;

/**
 * Group commit: the appends that arrive while one is on its way are sent together as soon as it is back, in order of arrival. One that comes
 * alone goes at once. Appends to the same stream, or with an event id in common, go one after the other.
 *
 * One batch at a time: a second one would wait for the first on the server, and halve the batches. An append whose stream is held by an open
 * transaction steps aside and asks again, so that neither the others nor a connection wait with it.
 */
export class AppendQueue {
  readonly #send: SendBatch;
  readonly #waitMs: number;
  readonly #open = new Set<PendingAppend>();
  #waiting: PendingAppend[] = [];
  #isBusy = false;

  /** @param waitMs - How long an append waits for its stream. */
  constructor(send: SendBatch, waitMs: number) {
    this.#send = send;
    this.#waitMs = waitMs;
  }

  async append(request: AppendRequest, signal?: AbortSignal, onWait?: OnAppendWait): Promise<AppendOutcome> {
    const pending = new PendingAppend({ request, onWait }, this.#waitMs, signal, (self) => {
      this.#waiting = this.#waiting.filter((other) => other !== self);
    });
    this.#open.add(pending);
    this.#waiting.push(pending);
    this.#flush();
    try {
      return await pending.promise;
    } finally {
      this.#open.delete(pending);
    }
  }

  /** Resolves when every append that is here now has ended. */
  async drain(): Promise<void> {
    await Promise.allSettled([...this.#open].map((pending) => pending.promise));
  }

  #flush(): void {
    if (this.#isBusy || this.#waiting.length === 0) return;
    this.#isBusy = true;
    const batch = this.#takeBatch();
    const run = (): Promise<void> => this.#run(batch);
    // Whatever instruments the driver sees the first append's context, not that of the batch before.
    void (batch[0]?.inContext(run) ?? run());
  }

  #takeBatch(): readonly PendingAppend[] {
    const taken = new Taken();
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
    try {
      const outcomes = await this.#send(batch);
      for (const [index, pending] of batch.entries()) this.#settle(pending, outcomes[index] ?? { status: 'held' });
    } catch (error) {
      for (const pending of batch) pending.reject(error);
    }
    // Who has just been answered may have more: where there are several, the next batch waits for them, for one turn of the event loop.
    if (batch.length + this.#waiting.length > 1) await nextTurn();
    this.#isBusy = false;
    this.#flush();
  }

  #settle(pending: PendingAppend, outcome: BatchOutcome): void {
    if (outcome.status === 'failed') pending.reject(outcome.error);
    else if (outcome.status !== 'held') pending.resolve(outcome);
    else if (performance.now() >= pending.deadline) pending.reject(heldTooLong(pending.request.stream, this.#waitMs));
    else this.#tryLater(pending);
  }

  #tryLater(pending: PendingAppend): void {
    pending.hold();
    setTimeout(
      () => {
        // It may have been aborted meanwhile.
        if (!this.#open.has(pending)) return;
        this.#waiting.push(pending);
        this.#flush();
      },
      Math.min(longestPauseMs, shortestPauseMs * pending.timesHeld),
    );
  }
}

/** The error of an append whose stream an open transaction has held for too long. */
export function heldTooLong({ aggregateType, aggregateId }: StreamId, waitedMs: number): StorageError {
  return new StorageError(
    'ES_STORAGE_BUSY',
    `PostgresEventStore.appendEvents waited ${waitedMs} ms for the stream ${aggregateType} ${aggregateId}, which another open transaction has appended to. ` +
      'Nothing was written. Look for a transaction that stays open, or raise lockTimeoutMs.',
  );
}

/** The streams and event ids of a batch, and of those that wait before others. */
class Taken {
  readonly #streams = new Set<string>();
  readonly #ids = new Set<string>();

  /** @returns whether nothing of it was taken; in any case it is now. */
  take({ stream, records }: AppendRequest): boolean {
    const before = this.#streams.size + this.#ids.size;
    this.#streams.add(`${stream.aggregateType.length}:${stream.aggregateType}${stream.aggregateId}`);
    for (const { id } of records) this.#ids.add(id);
    return this.#streams.size + this.#ids.size === before + 1 + records.length;
  }
}
