import type { Capability, EventBusCapabilities, EventStoreCapabilities, StoreCapabilities } from './capabilities.ts';

const inMemory: Capability = Object.freeze({ supported: false, reason: 'the data lives and dies with the store object' });

/** What the in-memory snapshot and checkpoint stores can do. */
export const inMemoryStoreCapabilities: StoreCapabilities = Object.freeze({ durable: inMemory, multipleConnections: inMemory });

/** What the in-memory event store can do. */
export const inMemoryEventStoreCapabilities: EventStoreCapabilities = Object.freeze({ ...inMemoryStoreCapabilities, tagFilter: true });

/** What the in-memory event bus can do. */
export const inMemoryEventBusCapabilities: EventBusCapabilities = Object.freeze<EventBusCapabilities>({
  durable: { supported: false, reason: 'events live and die with the bus object' },
  consumerGroups: { supported: false, reason: 'a bus object is its only consumer' },
  orderedGroups: { supported: false, reason: 'a bus object is its only consumer' },
  refusesUnroutable: { supported: false, reason: 'an event without a handler counts as handled' },
});
