import { BaseEventStore, type EventStoreOptions } from './base-event-store.ts';
import { MemoryEventStorage } from './memory-event-storage.ts';

/** An event store that lives as long as its object: for tests, and the reference that adapters are compared with. */
export class InMemoryEventStore extends BaseEventStore {
  /** @throws EventDefinitionError when two of the definitions share a type. */
  constructor(options: EventStoreOptions = {}) {
    super(new MemoryEventStorage(), options);
  }
}
