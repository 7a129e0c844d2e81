import { setImmediate } from 'node:timers/promises';
import {
  type AllQuery,
  type AppendOutcome,
  type AppendRequest,
  type EventRecord,
  meetsExpectedVersion,
  type NewEventRecord,
  StorageError,
  type StreamId,
  type StreamPosition,
  type StreamQuery,
  uuidV7,
} from '@es/core';
import { SpanKind } from '@es/otel';
import { ArrayDatabase, ArrayEventStorage } from './array-event-storage.fixture.ts';

/** A storage with one fault, and the cases that must notice it. */
export interface BrokenStorage {
  readonly fault: string;
  readonly make: (database: ArrayDatabase) => ArrayEventStorage;
  /** The names of cases begin with these words. */
  readonly noticedBy: readonly string[];
}

type Records = AsyncGenerator<readonly EventRecord[], void>;

/** Changes every append on its way in. */
function appending(change: (request: AppendRequest, append: (request: AppendRequest) => Promise<AppendOutcome>) => Promise<AppendOutcome>) {
  return (database: ArrayDatabase): ArrayEventStorage =>
    new (class extends ArrayEventStorage {
      override append(request: AppendRequest): Promise<AppendOutcome> {
        return change(request, (changed) => super.append(changed));
      }
    })(database);
}

/** Changes every record on its way in. */
function recording(change: (record: NewEventRecord) => NewEventRecord) {
  return appending((request, append) => append({ ...request, records: request.records.map(change) }));
}

/** Changes every read of a stream. */
function readingStream(change: (query: StreamQuery) => StreamQuery) {
  return (database: ArrayDatabase): ArrayEventStorage =>
    new (class extends ArrayEventStorage {
      override readStream(query: StreamQuery): Records {
        return super.readStream(change(query));
      }
    })(database);
}

/** Changes every read of the log. */
function readingAll(change: (query: AllQuery) => AllQuery) {
  return (database: ArrayDatabase): ArrayEventStorage =>
    new (class extends ArrayEventStorage {
      override readAll(query: AllQuery): Records {
        return super.readAll(change(query));
      }
    })(database);
}

/** Keeps the check of the version and the write apart, as a careless adapter does. */
class CheckThenAct extends ArrayEventStorage {
  override async append(request: AppendRequest): Promise<AppendOutcome> {
    const { version } = this.position(request.stream);
    await setImmediate();
    if (!meetsExpectedVersion(request.expectedVersion, version)) return super.append(request);
    return super.append({ ...request, expectedVersion: 'any' });
  }
}

/** Computes the next version before it waits, so that concurrent appends overwrite each other's. */
class DoubledVersions extends ArrayEventStorage {
  override async append(request: AppendRequest): Promise<AppendOutcome> {
    const { version } = this.position(request.stream);
    await setImmediate();
    if (request.expectedVersion !== 'any' || version === 0) return super.append(request);
    this.write(request.stream, request.records, version);
    return { status: 'appended', ...this.position(request.stream) };
  }
}

/** Forgets an append while another one is under way. */
class LosesAppends extends ArrayEventStorage {
  #busy = 0;

  override async append(request: AppendRequest): Promise<AppendOutcome> {
    this.#busy += 1;
    await setImmediate();
    try {
      if (this.#busy < 3) return await super.append(request);
      const { version, position } = this.position(request.stream);
      return { status: 'appended', version: version + request.records.length, position };
    } finally {
      this.#busy -= 1;
    }
  }
}

/** Numbers events before they can be seen, so that later numbers may show first. */
class AppearsBehind extends ArrayEventStorage {
  readonly #hidden = new Set<EventRecord>();
  #count = 0;

  protected override write(stream: StreamId, records: readonly NewEventRecord[], version: number): void {
    super.write(stream, records, version);
    this.#count += 1;
    const last = this.database.records.at(-1);
    if (this.#count % 5 !== 0 || last === undefined) return;
    this.#hidden.add(last);
    void setImmediate().then(() => this.#hidden.delete(last));
  }

  protected override matches(record: EventRecord, query: AllQuery): boolean {
    return !this.#hidden.has(record) && super.matches(record, query);
  }
}

/** Reads everything into memory before it hands out the first page. */
class ReadsAtOnce extends ArrayEventStorage {
  override async *readAll(query: AllQuery): Records {
    yield this.database.records.filter((record) => this.matches(record, query)).slice(0, query.limit);
  }
}

/** Copies everything that it will hand out, page by page, before the first page. */
class CopiesAtOnce extends ArrayEventStorage {
  protected override *pages(records: readonly EventRecord[]): Generator<readonly EventRecord[], void> {
    yield* super.pages(records.map((record) => ({ ...record, data: JSON.stringify(JSON.parse(record.data)) })));
  }
}

/** Knows only what was written through itself. */
class KnowsItselfAlone extends ArrayEventStorage {
  readonly #own = new Set<string>();

  protected override find(id: string): EventRecord | undefined {
    return this.#own.has(id) ? super.find(id) : undefined;
  }

  protected override write(stream: StreamId, records: readonly NewEventRecord[], version: number): void {
    for (const { id } of records) this.#own.add(id);
    super.write(stream, records, version);
  }
}

/** Shows what others wrote only after it wrote something itself. */
class StaleReads extends ArrayEventStorage {
  #seen = this.database.records.length;

  protected override write(stream: StreamId, records: readonly NewEventRecord[], version: number): void {
    super.write(stream, records, version);
    this.#seen = this.database.records.length;
  }

  protected override recordsOf(stream: StreamId): EventRecord[] {
    const visible = new Set(this.database.records.slice(0, this.#seen));
    return super.recordsOf(stream).filter((record) => visible.has(record));
  }
}

class OnlyPartOfFilters extends ArrayEventStorage {
  protected override matches(record: EventRecord, query: AllQuery): boolean {
    const { tags, ...rest } = query;
    return super.matches(record, { ...rest, tags: undefined }) && (tags?.some((tag) => record.tags?.includes(tag)) ?? true);
  }
}

/** Applies the limit before the filter. */
class LimitsFirst extends ArrayEventStorage {
  override async *readAll(query: AllQuery): Records {
    const some = this.database.records.filter(({ position }) => position > query.after).slice(0, query.limit);
    yield* this.pages(some.filter((record) => this.matches(record, query)));
  }
}

class Disguised extends ArrayEventStorage {
  override readonly description: ArrayEventStorage['description'];

  constructor(database: ArrayDatabase, description: Partial<ArrayEventStorage['description']>) {
    super(database);
    this.description = { ...new ArrayEventStorage(database).description, ...description };
  }
}

class WrongHead extends ArrayEventStorage {
  override async headPosition(): Promise<bigint> {
    return BigInt(this.database.records.length);
  }
}

class EmptyPositions extends ArrayEventStorage {
  override async streamPosition(stream: StreamId): Promise<StreamPosition> {
    return { ...this.position(stream), version: 0 };
  }
}

const reordered = (records: readonly NewEventRecord[]): NewEventRecord[] => [...records].sort((a, b) => (a.id < b.id ? 1 : -1));

/** Faults seen in real stores, one each. */
export const brokenStorages: readonly BrokenStorage[] = [
  {
    fault: 'treats no-stream as no condition',
    make: appending((request, append) =>
      append(request.expectedVersion === 'no-stream' ? { ...request, expectedVersion: 'any' } : request),
    ),
    noticedBy: ['no-stream means', 'of many concurrent appends with no-stream', 'answers random histories like'],
  },
  {
    fault: 'treats stream-exists as no condition',
    make: appending((request, append) =>
      append(request.expectedVersion === 'stream-exists' ? { ...request, expectedVersion: 'any' } : request),
    ),
    noticedBy: ['stream-exists means', 'answers random histories like'],
  },
  {
    fault: 'checks the version, and then writes',
    make: (database) => new CheckThenAct(database),
    noticedBy: [
      'of two concurrent appends',
      'of many concurrent appends at one',
      'of many concurrent appends with no-stream',
      'of concurrent appends through several',
    ],
  },
  {
    fault: 'gives concurrent appends the same versions',
    make: (database) => new DoubledVersions(database),
    noticedBy: ['any never conflicts and loses nothing, with many writers on one', 'under parallel writers'],
  },
  {
    fault: 'loses appends under load',
    make: (database) => new LosesAppends(database),
    noticedBy: ['any never conflicts and loses nothing, with many writers on one'],
  },
  {
    fault: 'answers a conflict where nobody expected a version',
    make: appending(async (request, append) => {
      const { version = 0 } = (await append({ ...request, records: [] })) as { version?: number };
      await setImmediate();
      return append(request.expectedVersion === 'any' ? { ...request, expectedVersion: version } : request);
    }),
    noticedBy: ['any never conflicts and loses nothing, with many writers on one'],
  },
  {
    fault: 'dresses a conflict up as a failure of the database',
    make: appending(async (request, append) => {
      const outcome = await append(request);
      if (outcome.status === 'conflict') throw new StorageError('ES_STORAGE_FAILURE', 'duplicate key');
      return outcome;
    }),
    noticedBy: ['an append at a stale', 'of two concurrent appends', 'no-stream means'],
  },
  {
    fault: 'does not know the actual version after a conflict',
    make: appending(async (request, append) => {
      const outcome = await append(request);
      return outcome.status === 'conflict' ? { status: 'conflict', actualVersion: 0 } : outcome;
    }),
    noticedBy: ['an append at a stale', 'of two concurrent appends', 'answers random histories like'],
  },
  {
    fault: 'stores repeated appends twice',
    make: appending(async (request, append) => {
      const outcome = await append(request);
      if (outcome.status !== 'duplicate') return outcome;
      return append({ ...request, expectedVersion: 'any', records: request.records.map((record) => ({ ...record, id: uuidV7() })) });
    }),
    noticedBy: [
      'an append repeated with the same ids',
      'a repeated append returns',
      'an append that is sent many times at once',
      'repeating the first part',
    ],
  },
  {
    fault: 'answers a repeated append with a conflict',
    make: appending(async (request, append) => {
      const outcome = await append(request);
      return outcome.status === 'duplicate' ? { status: 'conflict', actualVersion: outcome.version } : outcome;
    }),
    noticedBy: ['an append repeated with the same ids', 'an append that is sent many times at once', 'an append repeated while'],
  },
  {
    fault: 'answers a repeated append with where the stream stands now',
    make: (database) =>
      new (class extends ArrayEventStorage {
        override async append(request: AppendRequest): Promise<AppendOutcome> {
          const outcome = await super.append(request);
          return outcome.status === 'duplicate' ? { ...outcome, ...this.position(request.stream) } : outcome;
        }
      })(database),
    noticedBy: ['a repeated append returns the first result after others', 'repeating the first part'],
  },
  {
    fault: 'takes ids of other places for a repeated append',
    make: (database) =>
      new (class extends ArrayEventStorage {
        override async append(request: AppendRequest): Promise<AppendOutcome> {
          const outcome = await super.append(request);
          return outcome.status === 'id-conflict' ? { status: 'duplicate', ...this.position(request.stream) } : outcome;
        }
      })(database),
    noticedBy: ['ids that stand in another stream', 'the same ids in another order', 'old ids together with new', 'ids of two appends'],
  },
  {
    fault: 'compares ids of streams without their types',
    make: (database) =>
      new (class extends ArrayEventStorage {
        protected override recordsOf(stream: StreamId): EventRecord[] {
          return this.database.records.filter((record) => record.aggregateId === stream.aggregateId);
        }
      })(database),
    noticedBy: ['keeps streams apart'],
  },
  {
    fault: 'joins type and id with a dash',
    make: (database) =>
      new (class extends ArrayEventStorage {
        protected override recordsOf(stream: StreamId): EventRecord[] {
          const key = (of: StreamId): string => `${of.aggregateType}-${of.aggregateId}`;
          return this.database.records.filter((record) => key(record) === key(stream));
        }
      })(database),
    noticedBy: ['keeps streams apart'],
  },
  {
    fault: 'stores the events of one append in another order',
    make: appending((request, append) => append({ ...request, records: reordered(request.records) })),
    noticedBy: ['reads the events of all streams', 'a stream of 10,000', 'of two concurrent appends'],
  },
  {
    fault: 'says that a stream does not exist when nothing is appended to it',
    make: (database) => new EmptyPositions(database),
    noticedBy: ['an empty append writes nothing', 'an empty append still checks'],
  },
  {
    fault: 'takes fromVersion as exclusive',
    make: readingStream((query) => ({ ...query, fromVersion: query.fromVersion + 1 })),
    noticedBy: ['fromVersion and toVersion', 'every combination of bounds', 'answers random histories like'],
  },
  {
    fault: 'takes toVersion as exclusive',
    make: readingStream((query) => ({ ...query, toVersion: query.toVersion - 1 })),
    noticedBy: ['fromVersion and toVersion', 'every combination of bounds'],
  },
  {
    fault: 'reads one event too many',
    make: readingStream((query) => ({ ...query, limit: query.limit + 1 })),
    noticedBy: ['limit counts from', 'every combination of bounds', 'answers random histories like'],
  },
  {
    fault: 'takes a limit of 0 for none',
    make: readingStream((query) => ({ ...query, limit: query.limit || Number.MAX_SAFE_INTEGER })),
    noticedBy: ['limit counts from', 'every combination of bounds'],
  },
  {
    fault: 'always reads forward',
    make: readingStream((query) => ({ ...query, direction: 'forward' })),
    noticedBy: ['backward starts', 'every combination of bounds', 'a stream of 10,000'],
  },
  {
    fault: 'limits a backward read from the wrong end',
    make: (database) =>
      new (class extends ArrayEventStorage {
        override async *readStream(query: StreamQuery): Records {
          const found: EventRecord[] = [];
          for await (const page of super.readStream({ ...query, direction: 'forward' })) found.push(...page);
          yield* this.pages(query.direction === 'forward' ? found : found.reverse());
        }
      })(database),
    noticedBy: ['limit counts from', 'every combination of bounds', '10,000 events can be appended'],
  },
  {
    fault: 'takes after as inclusive',
    make: readingAll((query) => ({ ...query, after: query.after - 1n })),
    noticedBy: ['after is exclusive', 'reading on from the last position', 'answers random histories like'],
  },
  {
    fault: 'ignores upTo',
    make: readingAll((query) => ({ ...query, upTo: undefined })),
    noticedBy: ['after is exclusive', 'filters by tenant', 'answers random histories like'],
  },
  {
    fault: 'ignores the limit of the log',
    make: readingAll((query) => ({ ...query, limit: Number.MAX_SAFE_INTEGER })),
    noticedBy: ['after is exclusive', 'reading on from the last', 'filters by one or several event types'],
  },
  {
    fault: 'ignores all but the first type',
    make: readingAll((query) => ({ ...query, types: query.types?.slice(0, 1) })),
    noticedBy: ['filters by one or several event types', 'joins several filters'],
  },
  {
    fault: 'ignores the tenant',
    make: readingAll((query) => ({ ...query, tenantId: undefined })),
    noticedBy: ['filters by tenant', 'joins several filters', 'takes filters literally'],
  },
  {
    fault: 'ignores the aggregate type',
    make: readingAll((query) => ({ ...query, aggregateTypes: undefined })),
    noticedBy: ['filters by one or several aggregate types', 'takes filters literally'],
  },
  {
    fault: 'is content with one of several tags',
    make: (database) => new OnlyPartOfFilters(database),
    noticedBy: ['filters by tags', 'answers random histories with tags'],
  },
  {
    fault: 'applies the limit before the filter',
    make: (database) => new LimitsFirst(database),
    noticedBy: ['filters by one or several event types', 'finds what is rare'],
  },
  {
    fault: 'shows events behind positions already read',
    make: (database) => new AppearsBehind(database),
    noticedBy: ['under parallel writers', 'makes what it acknowledged readable', 'under writers on several connections'],
  },
  {
    fault: 'counts events to know the head',
    make: (database) => new WrongHead(database),
    noticedBy: ['makes what it acknowledged readable', 'the head is the position'],
  },
  {
    fault: 'reads the whole log at once',
    make: (database) => new ReadsAtOnce(database),
    noticedBy: ['the first page of a long read'],
  },
  {
    fault: 'copies all that it reads before it hands out the first page',
    make: (database) => new CopiesAtOnce(database),
    noticedBy: ['memory does not grow'],
  },
  {
    fault: 'keeps ids in the memory of the connection',
    make: (database) => new KnowsItselfAlone(database),
    noticedBy: ['a repeated append is recognised through another', 'a store that is opened later goes on'],
  },
  {
    fault: 'keeps streams in the memory of the connection',
    make: (database) => new StaleReads(database),
    noticedBy: ['what one connection acknowledged', 'of concurrent appends through several'],
  },
  {
    fault: 'loses data on closing',
    make: () => new ArrayEventStorage(new ArrayDatabase()),
    noticedBy: ['a store that is opened later has', 'what was acknowledged before closing', 'what one connection acknowledged'],
  },
  {
    fault: 'cuts long text',
    make: recording((record) => ({ ...record, data: record.data.length > 65_535 ? '{}' : record.data })),
    noticedBy: ['text of any script', 'deep and wide'],
  },
  {
    fault: 'normalizes Unicode',
    make: recording((record) => ({ ...record, data: record.data.normalize('NFC') })),
    noticedBy: ['text of any script'],
  },
  {
    fault: 'takes text that looks like a date for a number',
    make: recording((record) => ({
      ...record,
      data: record.data.replace(/"\d{4}-\d\d-\d\dT[^"]*"/g, (text) => String(Date.parse(text.slice(1, -1)))),
    })),
    noticedBy: ['without a schema a date'],
  },
  {
    fault: 'builds objects by assignment',
    make: recording((record) => ({ ...record, data: record.data.replaceAll('"__proto__"', '"proto"') })),
    noticedBy: ['odd keys'],
  },
  {
    fault: 'keeps numbers in single precision',
    make: recording((record) => ({
      ...record,
      data: JSON.stringify(JSON.parse(record.data, (_, value) => (typeof value === 'number' ? Math.fround(value) : value))),
    })),
    noticedBy: ['numbers come back exactly'],
  },
  { fault: 'loses metadata', make: recording((record) => ({ ...record, metadata: null })), noticedBy: ['every field of an event'] },
  {
    fault: 'loses the tenant',
    make: recording((record) => ({ ...record, tenantId: null })),
    noticedBy: ['every field', 'correlation, causation', 'filters by tenant'],
  },
  {
    fault: 'loses the actor',
    make: recording((record) => ({ ...record, actorId: null })),
    noticedBy: ['every field', 'correlation, causation'],
  },
  {
    fault: 'sorts tags',
    make: recording((record) => ({ ...record, tags: record.tags && [...record.tags].sort() })),
    noticedBy: ['doubled tags'],
  },
  {
    fault: 'forgets the schema version',
    make: recording((record) => ({ ...record, schemaVersion: 1 })),
    noticedBy: ['every field', 'events of older schema versions', 'what is stored keeps'],
  },
  {
    fault: 'cuts milliseconds',
    make: recording((record) => ({ ...record, occurredAt: record.occurredAt.replace(/\.\d+/, '.000') })),
    noticedBy: ['the time of an event', 'every field'],
  },
  {
    fault: 'loses the trace state',
    make: recording((record) => ({ ...record, tracestate: null })),
    noticedBy: ['the trace state goes along', 'an event that bears a trace context', 'every field'],
  },
  {
    fault: 'drops contexts that are not sampled',
    make: recording((record) => ({ ...record, traceparent: record.traceparent?.endsWith('-00') ? null : record.traceparent })),
    noticedBy: ['the trace context is stored also when nothing is sampled', 'every field'],
  },
  {
    fault: 'gives its spans another kind',
    make: (database) => new Disguised(database, { spanKind: SpanKind.INTERNAL }),
    noticedBy: ['an append has one span', 'a read of a stream has one span'],
  },
  {
    fault: 'names no database on its spans',
    make: (database) => new Disguised(database, { attributes: {} }),
    noticedBy: ['an append has one span', 'measures every operation'],
  },
  {
    fault: 'gives its spans another scope',
    make: (database) => new Disguised(database, { scope: { name: 'other', version: '1' } }),
    noticedBy: ['an append has one span', 'counts appended events'],
  },
  {
    fault: 'gives its scope no version',
    make: (database) => new Disguised(database, { scope: { name: 'array-event-store', version: '' } }),
    noticedBy: ['an append has one span'],
  },
];
