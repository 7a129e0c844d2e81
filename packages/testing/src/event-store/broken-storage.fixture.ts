import type { AllQuery, AppendOutcome, AppendRequest, EventRecord, NewEventRecord, StreamQuery } from '@es/core';
import { type ArrayDatabase, ArrayEventStorage } from './array-event-storage.fixture.ts';

/** A storage with one fault, and the cases that must notice it. */
export interface BrokenStorage {
  readonly fault: string;
  readonly make: (database: ArrayDatabase) => ArrayEventStorage;
  /** The names of cases begin with these words. */
  readonly noticedBy: readonly string[];
}

export type Records = AsyncGenerator<readonly EventRecord[], void>;

/** Changes every append on its way in. */
export function appending(
  change: (request: AppendRequest, append: (request: AppendRequest) => Promise<AppendOutcome>) => Promise<AppendOutcome>,
) {
  return (database: ArrayDatabase): ArrayEventStorage =>
    new (class extends ArrayEventStorage {
      override append(request: AppendRequest): Promise<AppendOutcome> {
        return change(request, (changed) => super.append(changed));
      }
    })(database);
}

/** Changes every record on its way in. */
export function recording(change: (record: NewEventRecord) => NewEventRecord) {
  return appending((request, append) => append({ ...request, records: request.records.map(change) }));
}

/** Changes every read of a stream. */
export function readingStream(change: (query: StreamQuery) => StreamQuery) {
  return (database: ArrayDatabase): ArrayEventStorage =>
    new (class extends ArrayEventStorage {
      override readStream(query: StreamQuery): Records {
        return super.readStream(change(query));
      }
    })(database);
}

/** Changes every read of the log. */
export function readingAll(change: (query: AllQuery) => AllQuery) {
  return (database: ArrayDatabase): ArrayEventStorage =>
    new (class extends ArrayEventStorage {
      override readAll(query: AllQuery): Records {
        return super.readAll(change(query));
      }
    })(database);
}
