import assert from 'node:assert/strict';
import { rejectsWith } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream, newStream, readStream } from './sample-events.ts';

export const foreignEvents: readonly EventStoreCase[] = [
  {
    name: 'an event that names another aggregate id or type is refused',
    run: async ({ store }) => {
      const stream = aStream();
      const foreign = [{ aggregateId: 'another' }, { aggregateType: 'Another' }, { aggregateId: 'another', aggregateType: 'Another' }];
      for (const fields of foreign) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.appendEvents(stream, [anEvent(), anEvent(fields)], anyVersion));
      }
      assert.deepEqual(await readStream(store, stream), []);
      await store.appendEvents(stream, [anEvent({ ...stream, version: 1 })], { expectedVersion: 0 });
    },
  },
  {
    name: 'an event whose version is not the one that it would get is refused',
    run: async ({ store }) => {
      const stream = await newStream(store, 2);
      for (const version of [1, 2, 4]) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.appendEvents(stream, [anEvent({ version })], { expectedVersion: 2 }));
      }
      const twisted = [anEvent({ version: 4 }), anEvent({ version: 3 })];
      await rejectsWith('ES_INVALID_ARGUMENT', store.appendEvents(stream, twisted, { expectedVersion: 2 }));
      assert.equal((await store.appendEvents(stream, [anEvent({ version: 3 })], { expectedVersion: 2 })).version, 3);
    },
  },
  {
    name: 'where no version is expected, the one on an event gives way to the real one',
    run: async ({ store }) => {
      const stream = await newStream(store, 2);
      await store.appendEvents(stream, [anEvent({ version: 77 })], anyVersion);
      assert.equal((await readStream(store, stream)).at(-1)?.version, 3);
    },
  },
];
