import {
  type AllQuery,
  type AppendOutcome,
  type AppendRequest,
  type EventRecord,
  type EventStorage,
  meetsExpectedVersion,
  type NewEventRecord,
  resolveDuplicate,
  type StorageDescription,
  type StreamId,
  type StreamPosition,
  type StreamQuery,
} from '@es/core';
import { SpanKind } from '@es/otel';

const pageSize = 100;

/** What several connections share, as a database would keep it. Positions have gaps, as those of databases may. */
export class ArrayDatabase {
  readonly records: EventRecord[] = [];
  readonly byId: Map<string, EventRecord> = new Map();
  readonly waiting: Set<() => void> = new Set();
  #position = 40n;

  nextPosition(): bigint {
    this.#position += this.#position % 3n === 0n ? 5n : 1n;
    return this.#position;
  }
}

/** The plainest storage that keeps every promise; tests break it in one place and look whether the suite notices. */
export class ArrayEventStorage implements EventStorage {
  readonly description: StorageDescription = {
    component: 'ArrayEventStore',
    logger: 'eventsource.stores.array',
    scope: { name: 'array-event-store', version: '1.2.3' },
    spanKind: SpanKind.CLIENT,
    attributes: { 'db.system.name': 'array', 'db.system': 'array', 'db.namespace': 'tests' },
  };
  protected readonly database: ArrayDatabase;

  constructor(database: ArrayDatabase) {
    this.database = database;
  }

  async append(request: AppendRequest): Promise<AppendOutcome> {
    const { stream, expectedVersion, records } = request;
    const { version } = this.position(stream);
    const isTaken = records.some(({ id }) => this.find(id) !== undefined);
    if (isTaken || !meetsExpectedVersion(expectedVersion, version)) {
      const placeOf = (id: string) => {
        const found = this.find(id);
        return found && { stream: found, version: found.version, position: found.position };
      };
      return resolveDuplicate(request, placeOf, version);
    }
    this.write(stream, records, version);
    return { status: 'appended', ...this.position(stream) };
  }

  async *readStream(query: StreamQuery): AsyncGenerator<readonly EventRecord[], void> {
    const { fromVersion, toVersion, limit, direction } = query;
    const found = this.recordsOf(query.stream).filter(({ version }) => version >= fromVersion && version <= toVersion);
    yield* this.pages((direction === 'forward' ? found : found.reverse()).slice(0, limit));
  }

  async *readAll(query: AllQuery): AsyncGenerator<readonly EventRecord[], void> {
    yield* this.pages(this.database.records.filter((record) => this.matches(record, query)).slice(0, query.limit));
  }

  async streamPosition(stream: StreamId): Promise<StreamPosition> {
    return this.position(stream);
  }

  async headPosition(): Promise<bigint> {
    return this.database.records.at(-1)?.position ?? 0n;
  }

  waitForAppend(after: bigint, signal: AbortSignal): Promise<void> {
    if ((this.database.records.at(-1)?.position ?? 0n) > after || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.database.waiting.add(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  protected *pages(records: readonly EventRecord[]): Generator<readonly EventRecord[], void> {
    for (let index = 0; index < records.length; index += pageSize) yield records.slice(index, index + pageSize);
  }

  protected write(stream: StreamId, records: readonly NewEventRecord[], version: number): void {
    const recordedAt = new Date().toISOString();
    for (const [index, record] of records.entries()) {
      const stored = { ...record, ...stream, version: version + index + 1, position: this.database.nextPosition(), recordedAt };
      this.database.records.push(stored);
      this.database.byId.set(stored.id, stored);
    }
    for (const wake of this.database.waiting) wake();
    this.database.waiting.clear();
  }

  protected matches(record: EventRecord, { after, upTo, types, aggregateTypes, tags, tenantId }: AllQuery): boolean {
    return (
      record.position > after &&
      record.position <= (upTo ?? record.position) &&
      (types?.includes(record.type) ?? true) &&
      (aggregateTypes?.includes(record.aggregateType) ?? true) &&
      (tags?.every((tag) => record.tags?.includes(tag)) ?? true) &&
      (tenantId ?? record.tenantId) === record.tenantId
    );
  }

  protected position(stream: StreamId): StreamPosition {
    const { version = 0, position = 0n } = this.recordsOf(stream).at(-1) ?? {};
    return { version, position };
  }

  protected find(id: string): EventRecord | undefined {
    return this.database.byId.get(id);
  }

  protected recordsOf({ aggregateType, aggregateId }: StreamId): EventRecord[] {
    return this.database.records.filter((record) => record.aggregateId === aggregateId && record.aggregateType === aggregateType);
  }
}
