import type { EventStoreCapabilities, StoreCapabilities } from '@es/core';

/** What the snapshot, checkpoint and dead letter stores on PostgreSQL can do. */
export const postgresStoreCapabilities: StoreCapabilities = Object.freeze({ durable: true, multipleConnections: true });

/** What the event store on PostgreSQL can do. */
export const postgresEventStoreCapabilities: EventStoreCapabilities = Object.freeze({ ...postgresStoreCapabilities, tagFilter: true });
