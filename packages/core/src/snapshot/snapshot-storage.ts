import type { StorageDescription } from '../event-store/event-storage.ts';
import type { StreamId } from '../event-store/stream-id.ts';

/** A snapshot in the form in which an adapter stores it. */
export interface SnapshotRecord extends StreamId {
  readonly version: number;
  readonly stateSchemaVersion: number;
  /** JSON text. */
  readonly state: string;
  readonly createdAt: string;
}

/** What an adapter implements under a snapshot store; core checks, encodes, traces and measures around it. */
export interface SnapshotStorage {
  readonly description: StorageDescription;
  /** Writes, unless the stored record is newer, by (stateSchemaVersion, version). */
  save(record: SnapshotRecord): Promise<void>;
  get(stream: StreamId): Promise<SnapshotRecord | undefined>;
  delete(stream: StreamId): Promise<boolean>;
  exists(stream: StreamId): Promise<boolean>;
  close(): Promise<void>;
}
