import assert from 'node:assert/strict';
import type { GetEventsOptions } from '@es/core';
import { combinations } from '../conformance/combinations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { aStream, newStream, range, readStream, versionsOf } from './sample-events.ts';

const length = 7;

/** What a read must yield, said as plainly as possible. */
function expectedVersions({ fromVersion = 1, toVersion = length, limit = length, direction = 'forward' }: GetEventsOptions): number[] {
  const inBounds = range(1, length).filter((version) => version >= fromVersion && version <= toVersion);
  return (direction === 'forward' ? inBounds : inBounds.reverse()).slice(0, limit);
}

const reads: readonly GetEventsOptions[] = combinations({
  fromVersion: [undefined, 1, 3, 7, 8, 100],
  toVersion: [undefined, 0, 1, 5, 7, 9],
  limit: [undefined, 0, 1, 3, 7, 50],
  direction: [undefined, 'forward', 'backward'],
});

export const streamBounds: readonly EventStoreCase[] = [
  {
    name: 'a stream that does not exist has no events',
    run: async ({ store }) => {
      assert.deepEqual(await readStream(store, aStream()), []);
      assert.equal(await store.getEvents(aStream(), { direction: 'backward' }).first(), undefined);
    },
  },
  {
    name: 'fromVersion and toVersion are inclusive',
    run: async ({ store }) => {
      const stream = await newStream(store, length);
      assert.deepEqual(versionsOf(await store.getEvents(stream, { fromVersion: 3, toVersion: 5 }).toArray()), [3, 4, 5]);
      assert.deepEqual(versionsOf(await store.getEvents(stream, { fromVersion: 5, toVersion: 3 }).toArray()), []);
    },
  },
  {
    name: 'limit counts from where the read starts',
    run: async ({ store }) => {
      const stream = await newStream(store, length);
      assert.deepEqual(versionsOf(await store.getEvents(stream, { limit: 0 }).toArray()), []);
      assert.deepEqual(versionsOf(await store.getEvents(stream, { fromVersion: 3, limit: 2 }).toArray()), [3, 4]);
      assert.deepEqual(versionsOf(await store.getEvents(stream, { toVersion: 5, limit: 2, direction: 'backward' }).toArray()), [5, 4]);
    },
  },
  {
    name: 'backward starts at the greatest version',
    run: async ({ store }) => {
      const stream = await newStream(store, length);
      assert.deepEqual(versionsOf(await store.getEvents(stream, { direction: 'backward' }).toArray()), range(1, length).reverse());
      assert.equal((await store.getEvents(stream, { direction: 'backward' }).first())?.version, length);
    },
  },
  {
    name: 'every combination of bounds, limit and direction yields exactly what it says',
    run: async ({ store }) => {
      const stream = await newStream(store, length);
      await newStream(store, 3);
      for (const options of reads) {
        const versions = versionsOf(await store.getEvents(stream, options).toArray());
        assert.deepEqual(versions, expectedVersions(options), JSON.stringify(options));
      }
    },
  },
];
