import { setImmediate } from 'node:timers/promises';
import type { AllQuery, EventRecord, NewEventRecord, StreamId, StreamQuery } from '@es/core';
import { ArrayEventStorage } from './array-event-storage.fixture.ts';
import { type BrokenStorage, type Records, readingAll, readingStream } from './broken-storage.fixture.ts';

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

class WrongHead extends ArrayEventStorage {
  override async headPosition(): Promise<bigint> {
    return BigInt(this.database.records.length);
  }
}

/** Faults in reads of a stream and of the log. */
export const brokenReads: readonly BrokenStorage[] = [
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
];
