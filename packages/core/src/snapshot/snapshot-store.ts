import type { OperationOptions } from '../event-store/event-store.ts';
import type { StreamId } from '../event-store/stream-id.ts';
import type { JsonValue } from '../events/json.ts';

/** The state of an aggregate at one version: a shortcut past its earlier events, never the truth. */
export interface Snapshot extends StreamId {
  /** Version of the aggregate, from 1. */
  readonly version: number;
  /** Version of the state's shape, from 1; a snapshot of another shape is not used. */
  readonly stateSchemaVersion: number;
  readonly state: JsonValue;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
}

/**
 * Keeps one snapshot a stream. Every operation fails with a ClosedError after `close()`, with an AbortedError when its signal is aborted, and
 * with a StorageError when the database fails.
 */
export interface SnapshotStore extends AsyncDisposable {
  /** Keeps a snapshot, unless a newer one is there: greater state schema version, or the same and greater version. */
  save(snapshot: Snapshot, options?: OperationOptions): Promise<void>;
  /**
   * The snapshot of a stream, if any.
   *
   * @throws SnapshotError when what is stored is damaged.
   */
  get(stream: StreamId, options?: OperationOptions): Promise<Snapshot | undefined>;
  /** @returns whether there was one. */
  delete(stream: StreamId, options?: OperationOptions): Promise<boolean>;
  exists(stream: StreamId, options?: OperationOptions): Promise<boolean>;
  /** Closes; calling it again does nothing. */
  close(): Promise<void>;
}
