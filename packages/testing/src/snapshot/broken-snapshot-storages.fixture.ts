import type { SnapshotRecord, SnapshotStorage, StorageDescription, StreamId } from '@es/core';
import { SpanKind } from '@es/otel';

/** The plainest storage that keeps every promise; tests break it in one place. Connections share the map. */
export class MapSnapshotStorage implements SnapshotStorage {
  readonly description: StorageDescription = {
    component: 'MapSnapshotStore',
    logger: 'eventsource.stores.map',
    scope: { name: 'map-snapshot-store', version: '1.2.3' },
    spanKind: SpanKind.CLIENT,
    attributes: { 'db.system.name': 'map', 'db.system': 'map' },
  };
  protected readonly records: Map<string, SnapshotRecord>;

  constructor(records: Map<string, SnapshotRecord>) {
    this.records = records;
  }

  async save(record: SnapshotRecord): Promise<void> {
    const stored = this.records.get(this.key(record));
    if (stored === undefined || !this.isNewer(stored, record)) this.records.set(this.key(record), record);
  }

  async get(stream: StreamId): Promise<SnapshotRecord | undefined> {
    return this.records.get(this.key(stream));
  }

  async delete(stream: StreamId): Promise<boolean> {
    return this.records.delete(this.key(stream));
  }

  async exists(stream: StreamId): Promise<boolean> {
    return this.records.has(this.key(stream));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  protected key({ aggregateType, aggregateId }: StreamId): string {
    return JSON.stringify([aggregateType, aggregateId]);
  }

  protected isNewer(a: SnapshotRecord, b: SnapshotRecord): boolean {
    return a.stateSchemaVersion === b.stateSchemaVersion ? a.version > b.version : a.stateSchemaVersion > b.stateSchemaVersion;
  }
}

/** A storage with one fault, and the cases that must notice it. */
export interface BrokenSnapshotStorage {
  readonly fault: string;
  readonly make: (records: Map<string, SnapshotRecord>) => SnapshotStorage;
  /** The names of cases begin with these words. */
  readonly noticedBy: readonly string[];
}

class LastWins extends MapSnapshotStorage {
  protected override isNewer(): boolean {
    return false;
  }
}

class FirstOfSameWins extends MapSnapshotStorage {
  protected override isNewer(a: SnapshotRecord, b: SnapshotRecord): boolean {
    return super.isNewer(a, b) || (a.version === b.version && a.stateSchemaVersion === b.stateSchemaVersion);
  }
}

class IgnoresStateSchemaVersion extends MapSnapshotStorage {
  protected override isNewer(a: SnapshotRecord, b: SnapshotRecord): boolean {
    return a.version > b.version;
  }
}

class JoinsNames extends MapSnapshotStorage {
  protected override key({ aggregateType, aggregateId }: StreamId): string {
    return `${aggregateType}-${aggregateId}`;
  }
}

class KeepsDeleted extends MapSnapshotStorage {
  override async delete(stream: StreamId): Promise<boolean> {
    return this.records.has(this.key(stream));
  }
}

class AlwaysDeletes extends MapSnapshotStorage {
  override async delete(stream: StreamId): Promise<boolean> {
    await super.delete(stream);
    return true;
  }
}

class CutsStates extends MapSnapshotStorage {
  override save(record: SnapshotRecord): Promise<void> {
    return super.save({ ...record, state: record.state.length > 65_535 ? '{}' : record.state });
  }
}

class Internal extends MapSnapshotStorage {
  override readonly description: StorageDescription = { ...new MapSnapshotStorage(new Map()).description, spanKind: SpanKind.INTERNAL };
}

/** Faults one each. */
export const brokenSnapshotStorages: readonly BrokenSnapshotStorage[] = [
  {
    fault: 'keeps what was saved last',
    make: (records) => new LastWins(records),
    noticedBy: [
      'a smaller version does not',
      'a smaller state schema version loses',
      'of many saved at the same time',
      'what one connection saved',
    ],
  },
  { fault: 'keeps the first of one version', make: (records) => new FirstOfSameWins(records), noticedBy: ['the same version saved again'] },
  {
    fault: 'looks at the version alone',
    make: (records) => new IgnoresStateSchemaVersion(records),
    noticedBy: ['a greater state schema version wins', 'a smaller state schema version loses'],
  },
  { fault: 'joins type and id with a dash', make: (records) => new JoinsNames(records), noticedBy: ['keeps aggregates apart'] },
  {
    fault: 'keeps what was deleted',
    make: (records) => new KeepsDeleted(records),
    noticedBy: ['tells whether there is', 'after a deletion'],
  },
  { fault: 'always claims to have deleted', make: (records) => new AlwaysDeletes(records), noticedBy: ['tells whether there is'] },
  { fault: 'cuts long states', make: (records) => new CutsStates(records), noticedBy: ['keeps any JSON'] },
  { fault: 'gives its spans another kind', make: (records) => new Internal(records), noticedBy: ['every operation has one span'] },
  {
    fault: 'loses data on closing',
    make: () => new MapSnapshotStorage(new Map()),
    noticedBy: ['a store that is opened later', 'what one connection saved'],
  },
];
