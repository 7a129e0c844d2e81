import { setImmediate } from 'node:timers/promises';
import {
  type AppendOutcome,
  type AppendRequest,
  meetsExpectedVersion,
  type NewEventRecord,
  StorageError,
  type StreamId,
  type StreamPosition,
} from '@es/core';
import { ArrayEventStorage } from './array-event-storage.fixture.ts';
import { appending, type BrokenStorage } from './broken-storage.fixture.ts';

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

class EmptyPositions extends ArrayEventStorage {
  override async streamPosition(stream: StreamId): Promise<StreamPosition> {
    return { ...this.position(stream), version: 0 };
  }
}

const reordered = (records: readonly NewEventRecord[]): NewEventRecord[] => [...records].sort((a, b) => (a.id < b.id ? 1 : -1));

/** Faults in the condition and the order of appends. */
export const brokenConditions: readonly BrokenStorage[] = [
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
    fault: 'stores the events of one append in another order',
    make: appending((request, append) => append({ ...request, records: reordered(request.records) })),
    noticedBy: ['reads the events of all streams', 'a stream of 10,000', 'of two concurrent appends'],
  },
  {
    fault: 'says that a stream does not exist when nothing is appended to it',
    make: (database) => new EmptyPositions(database),
    noticedBy: ['an empty append writes nothing', 'an empty append still checks'],
  },
];
