export { sqliteCapabilities } from './capabilities.ts';
export { SqliteCheckpointStore } from './sqlite-checkpoint-store.ts';
export type { SqliteDatabase, SqliteStatement } from './sqlite-database.ts';
export { SqliteDeadLetterStore } from './sqlite-dead-letter-store.ts';
export { SqliteEventStore, type SqliteEventStoreOptions } from './sqlite-event-store.ts';
export { SqliteInbox } from './sqlite-inbox.ts';
export type { SqliteLocation, SqliteOptions, Synchronous } from './sqlite-options.ts';
export { SqliteSnapshotStore } from './sqlite-snapshot-store.ts';
