import type { EventStoreCapabilities } from '@es/core';

/** What the stores on SQLite can do. A store on `:memory:` is the exception: its data lives and dies with the connection. */
export const sqliteCapabilities: EventStoreCapabilities = Object.freeze({ durable: true, multipleConnections: true, tagFilter: true });
