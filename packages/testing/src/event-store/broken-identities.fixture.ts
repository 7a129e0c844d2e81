import { type AppendOutcome, type AppendRequest, type EventRecord, type NewEventRecord, type StreamId, uuidV7 } from '@es/core';
import { ArrayDatabase, ArrayEventStorage } from './array-event-storage.fixture.ts';
import { appending, type BrokenStorage } from './broken-storage.fixture.ts';

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

/** Faults in what counts as the same event, the same stream and the same data. */
export const brokenIdentities: readonly BrokenStorage[] = [
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
];
