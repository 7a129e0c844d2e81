import { type AppendResult, ConcurrencyError, type EventStore } from '@es/core';
import type { LoggedEvent } from './logged-event.ts';
import { StreamTakenError } from './stream-taken-error.ts';

/** What an append window is made of. */
export interface AppendWindowOptions {
  readonly eventStore: EventStore;
  readonly aggregateType: string;
  /** How many appends may be on their way at once, so that the store can commit them together. */
  readonly inFlight: number;
  readonly onAppended: (result: AppendResult) => void;
}

/**
 * Appends events, many at once, each under the condition that its stream stands right before it: whatever overtakes what on the way, a stream
 * can only grow in order. Each event is an append of its own, so that appending the same events again after a crash adds those that are missing.
 */
export class AppendWindow {
  readonly #options: AppendWindowOptions;
  readonly #lastOfStream = new Map<string, Promise<void>>();
  #inFlight = 0;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => undefined;

  constructor(options: AppendWindowOptions) {
    this.#options = options;
  }

  /**
   * Waits for a free place and sends an event on its way.
   *
   * @throws what an earlier append threw.
   */
  async add(logged: LoggedEvent, version: number): Promise<void> {
    while (this.#inFlight >= this.#options.inFlight) await this.#nextEnd();
    this.#assertSound();
    const { aggregateId } = logged;
    this.#inFlight += 1;
    const appending = this.#tryAppend(logged, version, this.#lastOfStream.get(aggregateId)).then(() => {
      this.#inFlight -= 1;
      if (this.#lastOfStream.get(aggregateId) === appending) this.#lastOfStream.delete(aggregateId);
      this.#wake();
    });
    this.#lastOfStream.set(aggregateId, appending);
  }

  /**
   * Waits until nothing is on its way any more.
   *
   * @throws what an append threw.
   */
  async drain(): Promise<void> {
    while (this.#inFlight > 0) await this.#nextEnd();
    this.#assertSound();
  }

  /** Never rejects: the first failure is kept, for whoever adds or drains next. */
  async #tryAppend(logged: LoggedEvent, version: number, before: Promise<void> | undefined): Promise<void> {
    try {
      const first = await this.#append(logged, version, before === undefined);
      // A store need not keep the order of what is on its way at the same time. Behind its predecessor the event has its place for certain.
      if (first === 'too-early') {
        await before;
        if (this.#failure === undefined) await this.#append(logged, version, true);
      }
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  async #append({ aggregateId, event, line }: LoggedEvent, version: number, isDue: boolean): Promise<'appended' | 'too-early'> {
    const { eventStore, aggregateType, onAppended } = this.#options;
    const stream = { aggregateType, aggregateId };
    try {
      onAppended(await eventStore.appendEvents(stream, [event], { expectedVersion: version - 1 }));
      return 'appended';
    } catch (error) {
      if (!(error instanceof ConcurrencyError)) throw error;
      if (!isDue) return 'too-early';
      throw new StreamTakenError(stream, line, version, error);
    }
  }

  #nextEnd(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    return promise;
  }

  #assertSound(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
