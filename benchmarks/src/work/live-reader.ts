import type { EventStore } from '@es/core';
import { openPostgresStore } from './postgres-store.ts';

/** Reads what comes into a store's log, from now on until it is stopped, as a subscription does: by waiting, then reading. */
export class LiveReader {
  readonly #store: EventStore;
  readonly #onEvents: (events: number) => void;
  readonly #stopping = new AbortController();
  #position = 0n;
  #reading: Promise<void> | undefined;

  private constructor(store: EventStore, onEvents: (events: number) => void) {
    this.#store = store;
    this.#onEvents = onEvents;
  }

  /** Resolves as soon as it listens. */
  static async start(url: string, onEvents: (events: number) => void): Promise<LiveReader> {
    const reader = new LiveReader(openPostgresStore(url).eventStore, onEvents);
    reader.#position = await reader.#store.getHeadPosition();
    reader.#reading = reader.#read();
    return reader;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#reading;
    await this.#store.close();
  }

  async #read(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#store.waitForEvents(this.#position, { timeoutMs: 60_000, signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
      for await (const page of this.#store.readAll({ after: this.#position }).pages()) {
        this.#position = page.at(-1)?.position ?? this.#position;
        this.#onEvents(page.length);
      }
    }
  }
}
