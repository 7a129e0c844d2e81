export { postgresEventStoreCapabilities, postgresStoreCapabilities } from './postgres-capabilities.ts';
export { PostgresCheckpointStore } from './postgres-checkpoint-store.ts';
export { PostgresDeadLetterStore } from './postgres-dead-letter-store.ts';
export { PostgresEventStore, type PostgresEventStoreOptions } from './postgres-event-store.ts';
export { PostgresInbox } from './postgres-inbox.ts';
export type { PostgresLocation, PostgresOptions } from './postgres-options.ts';
export type {
  PostgresPool,
  PostgresPoolClient,
  PostgresQuery,
  PostgresQueryable,
  PostgresResult,
  PostgresTransaction,
} from './postgres-pool.ts';
export { PostgresSnapshotStore } from './postgres-snapshot-store.ts';
export { type PostgresMigration, postgresMigrations } from './schema.ts';
