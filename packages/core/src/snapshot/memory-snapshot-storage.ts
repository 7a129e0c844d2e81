import { SpanKind } from '@es/otel';
import type { StorageDescription } from '../event-store/event-storage.ts';
import type { StreamId } from '../event-store/stream-id.ts';
import { PACKAGE_NAME, PACKAGE_VERSION } from '../package-info.ts';
import type { SnapshotRecord, SnapshotStorage } from './snapshot-storage.ts';

/** Keeps snapshots in a map, in the encoded form. */
export class MemorySnapshotStorage implements SnapshotStorage {
  readonly description: StorageDescription = {
    component: 'InMemorySnapshotStore',
    logger: 'eventsource.stores.memory',
    scope: { name: PACKAGE_NAME, version: PACKAGE_VERSION },
    spanKind: SpanKind.INTERNAL,
    attributes: {},
  };

  readonly #records = new Map<string, SnapshotRecord>();

  async save(record: SnapshotRecord): Promise<void> {
    const stored = this.#records.get(key(record));
    if (stored === undefined || !isNewer(stored, record)) this.#records.set(key(record), record);
  }

  async get(stream: StreamId): Promise<SnapshotRecord | undefined> {
    return this.#records.get(key(stream));
  }

  async delete(stream: StreamId): Promise<boolean> {
    return this.#records.delete(key(stream));
  }

  async exists(stream: StreamId): Promise<boolean> {
    return this.#records.has(key(stream));
  }

  async close(): Promise<void> {
    this.#records.clear();
  }
}

function key(stream: StreamId): string {
  return JSON.stringify([stream.aggregateType, stream.aggregateId]);
}

function isNewer(stored: SnapshotRecord, record: SnapshotRecord): boolean {
  if (stored.stateSchemaVersion !== record.stateSchemaVersion) return stored.stateSchemaVersion > record.stateSchemaVersion;
  return stored.version > record.version;
}
