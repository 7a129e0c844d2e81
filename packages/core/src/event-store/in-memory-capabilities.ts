import type { Capability, EventStoreCapabilities, StoreCapabilities } from './capabilities.ts';

const inMemory: Capability = Object.freeze({ supported: false, reason: 'the data lives and dies with the store object' });

/** What the in-memory snapshot and checkpoint stores can do. */
export const inMemoryStoreCapabilities: StoreCapabilities = Object.freeze({ durable: inMemory, multipleConnections: inMemory });

/** What the in-memory event store can do. */
export const inMemoryEventStoreCapabilities: EventStoreCapabilities = Object.freeze({ ...inMemoryStoreCapabilities, tagFilter: true });
