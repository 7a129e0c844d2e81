import assert from 'node:assert/strict';
import type { EventStore, EventStream, ExpectedVersion, StreamId } from '@es/core';
import { rejectsWith } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream } from './sample-events.ts';

/** A value of the wrong type, as JavaScript callers may hand it over. */
function wrong<T>(value: unknown): T {
  return value as T;
}

const streams: readonly StreamId[] = [
  { aggregateType: '', aggregateId: 'x' },
  { aggregateType: 'X', aggregateId: '' },
  wrong({ aggregateType: 'X' }),
  wrong({ aggregateType: 'X', aggregateId: 7 }),
  wrong(undefined),
];

const versions: readonly ExpectedVersion[] = [
  -1,
  1.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  wrong('none'),
  wrong(undefined),
  wrong(null),
  wrong(3n),
];

const reads: readonly ((store: EventStore) => EventStream<unknown>)[] = [
  ...[0, -1, 1.5, Number.NaN, wrong<number>('1')].map((fromVersion) => (store: EventStore) => store.getEvents(aStream(), { fromVersion })),
  ...[-1, 1.5, Number.NaN].map((toVersion) => (store: EventStore) => store.getEvents(aStream(), { toVersion })),
  ...[-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY].flatMap((limit) => [
    (store: EventStore) => store.getEvents(aStream(), { limit }),
    (store: EventStore) => store.readAll({ limit }),
  ]),
  (store) => store.getEvents(aStream(), { direction: wrong('sideways') }),
  ...[-1n, wrong<bigint>(5), wrong<bigint>('5')].flatMap((position) => [
    (store: EventStore) => store.readAll({ after: position }),
    (store: EventStore) => store.readAll({ upTo: position }),
  ]),
  (store) => store.readAll({ types: [] }),
  (store) => store.readAll({ aggregateTypes: [] }),
  (store) => store.readAll({ tags: [] }),
];

export const invalidArguments: readonly EventStoreCase[] = [
  {
    name: 'a stream without type or id is refused',
    run: async ({ store }) => {
      for (const stream of streams) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.appendEvents(stream, [anEvent()], anyVersion));
        await rejectsWith('ES_INVALID_ARGUMENT', store.getEvents(stream).toArray());
      }
      assert.equal(await store.getHeadPosition(), 0n);
    },
  },
  {
    name: 'an expected version that can’t be meant is refused',
    run: async ({ store }) => {
      for (const expectedVersion of versions) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.appendEvents(aStream(), [anEvent()], { expectedVersion }));
        await rejectsWith('ES_INVALID_ARGUMENT', store.appendEvents(aStream(), [], { expectedVersion }));
      }
      await rejectsWith('ES_INVALID_ARGUMENT', store.appendEvents(aStream(), [anEvent()], wrong(undefined)));
      assert.equal(await store.getHeadPosition(), 0n);
    },
  },
  {
    name: 'an event without id, type or schema version, or at no time, is refused',
    run: async ({ store }) => {
      const faults = [{ id: '' }, { id: wrong<string>(7) }, { type: '' }, { type: wrong<string>(undefined) }, { schemaVersion: 0 }];
      for (const fault of [...faults, { schemaVersion: 1.5 }, { occurredAt: 'yesterday' }, { tags: [''] }]) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.appendEvents(aStream(), [anEvent(fault)], anyVersion));
      }
      assert.equal(await store.getHeadPosition(), 0n);
    },
  },
  {
    name: 'a read with a bound or filter that can’t be meant is refused when it is iterated',
    run: async ({ store }) => {
      for (const read of reads) await rejectsWith('ES_INVALID_ARGUMENT', read(store).toArray());
    },
  },
];
