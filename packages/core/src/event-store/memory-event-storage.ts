import { SpanKind } from '@es/otel';
import { PACKAGE_NAME, PACKAGE_VERSION } from '../package-info.ts';
import { meetsExpectedVersion } from './append-condition.ts';
import type { EventRecord } from './event-record.ts';
import type {
  AllQuery,
  AppendOutcome,
  AppendRequest,
  EventStorage,
  StorageDescription,
  StreamPosition,
  StreamQuery,
} from './event-storage.ts';
import { resolveDuplicate } from './resolve-duplicate.ts';
import type { StreamId } from './stream-id.ts';

const pageSize = 512;
const nowhere: StreamPosition = { version: 0, position: 0n };

/** Keeps events in arrays, in the encoded form: what comes back is as much a copy as with a database. */
export class MemoryEventStorage implements EventStorage {
  readonly description: StorageDescription = {
    component: 'InMemoryEventStore',
    logger: 'eventsource.stores.memory',
    scope: { name: PACKAGE_NAME, version: PACKAGE_VERSION },
    spanKind: SpanKind.INTERNAL,
    attributes: {},
  };

  /** The record at index i has position i + 1. */
  #log: EventRecord[] = [];
  readonly #streams = new Map<string, EventRecord[]>();
  readonly #byId = new Map<string, EventRecord>();
  readonly #waiting = new Set<() => void>();

  async append(request: AppendRequest): Promise<AppendOutcome> {
    const { stream, expectedVersion, records } = request;
    const events = this.#streams.get(key(stream)) ?? [];
    if (!meetsExpectedVersion(expectedVersion, events.length) || records.some((record) => this.#byId.has(record.id))) {
      return resolveDuplicate(request, (id) => this.#placeOf(id), events.length);
    }
    const recordedAt = new Date().toISOString();
    for (const record of records) {
      const stored: EventRecord = { ...record, ...stream, version: events.length + 1, position: BigInt(this.#log.length + 1), recordedAt };
      events.push(stored);
      this.#log.push(stored);
      this.#byId.set(stored.id, stored);
    }
    this.#streams.set(key(stream), events);
    for (const wake of this.#waiting) wake();
    return { status: 'appended', version: events.length, position: BigInt(this.#log.length) };
  }

  async *readStream({ stream, fromVersion, toVersion, limit, direction }: StreamQuery): AsyncGenerator<readonly EventRecord[], void> {
    const events = this.#streams.get(key(stream)) ?? [];
    const first = fromVersion;
    const last = Math.min(toVersion, events.length);
    let left = Math.min(limit, last - first + 1);
    let next = direction === 'forward' ? first : last;
    while (left > 0) {
      const size = Math.min(left, pageSize);
      const page = direction === 'forward' ? events.slice(next - 1, next - 1 + size) : events.slice(next - size, next).reverse();
      yield page;
      left -= size;
      next += direction === 'forward' ? size : -size;
    }
  }

  async *readAll(query: AllQuery): AsyncGenerator<readonly EventRecord[], void> {
    const end = query.upTo === undefined || query.upTo > BigInt(this.#log.length) ? this.#log.length : Number(query.upTo);
    let left = query.limit;
    let page: EventRecord[] = [];
    for (let index = Number(query.after); index < end && left > 0; index += 1) {
      const record = this.#log[index];
      if (record === undefined || !matches(record, query)) continue;
      page.push(record);
      left -= 1;
      if (page.length === pageSize) {
        yield page;
        page = [];
      }
    }
    if (page.length > 0) yield page;
  }

  async streamPosition(stream: StreamId): Promise<StreamPosition> {
    return this.#streams.get(key(stream))?.at(-1) ?? nowhere;
  }

  async headPosition(): Promise<bigint> {
    return BigInt(this.#log.length);
  }

  waitForAppend(after: bigint, signal: AbortSignal): Promise<void> {
    if (BigInt(this.#log.length) > after || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  async close(): Promise<void> {
    this.#log = [];
    this.#streams.clear();
    this.#byId.clear();
  }

  #placeOf(id: string): { stream: StreamId; version: number; position: bigint } | undefined {
    const record = this.#byId.get(id);
    return record === undefined ? undefined : { stream: record, version: record.version, position: record.position };
  }
}

/** Length-prefixed, so that no two streams share a key. */
function key(stream: StreamId): string {
  return `${stream.aggregateType.length}:${stream.aggregateType}${stream.aggregateId}`;
}

function matches(record: EventRecord, query: AllQuery): boolean {
  const { types, aggregateTypes, tags, tenantId } = query;
  return (
    (types === undefined || types.includes(record.type)) &&
    (aggregateTypes === undefined || aggregateTypes.includes(record.aggregateType)) &&
    (tags === undefined || tags.every((tag) => record.tags?.includes(tag) === true)) &&
    (tenantId === undefined || record.tenantId === tenantId)
  );
}
