import { type AppendResult, type EventStore, InMemoryEventStore } from '@es/core';

/** A store in memory that does something before each append. */
export class HookedStore extends InMemoryEventStore {
  readonly #before: (eventId: string) => Promise<void> | undefined;

  constructor(before: (eventId: string) => Promise<void> | undefined) {
    super();
    this.#before = before;
  }

  override async appendEvents(...args: Parameters<EventStore['appendEvents']>): Promise<AppendResult> {
    await this.#before(args[1][0]?.id ?? '');
    return super.appendEvents(...args);
  }
}
