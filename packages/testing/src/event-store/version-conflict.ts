import assert from 'node:assert/strict';
import { errorSays, rejectsWith } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { aStream, newStream, readStream, someEvents } from './sample-events.ts';

export const versionConflict: readonly EventStoreCase[] = [
  {
    name: 'an append at a stale or future version learns the actual one and writes nothing',
    run: async ({ store }) => {
      const stream = await newStream(store, 3);
      for (const expectedVersion of [0, 1, 2, 4, 1_000_000]) {
        const error = await rejectsWith('ES_CONCURRENCY', store.appendEvents(stream, someEvents(1), { expectedVersion }));
        errorSays(error, { actualVersion: 3, expectedVersion, stream });
      }
      assert.equal((await readStream(store, stream)).length, 3);
    },
  },
  {
    name: 'an append at a version of a stream that does not exist learns that it is at 0',
    run: async ({ store }) => {
      const error = await rejectsWith('ES_CONCURRENCY', store.appendEvents(aStream(), someEvents(1), { expectedVersion: 1 }));
      errorSays(error, { actualVersion: 0, expectedVersion: 1 });
    },
  },
  {
    name: 'no-stream means that the stream must not exist',
    run: async ({ store }) => {
      const stream = aStream();
      assert.equal((await store.appendEvents(stream, someEvents(2), { expectedVersion: 'no-stream' })).version, 2);
      const error = await rejectsWith('ES_CONCURRENCY', store.appendEvents(stream, someEvents(1), { expectedVersion: 'no-stream' }));
      errorSays(error, { actualVersion: 2, expectedVersion: 'no-stream' });
      assert.equal((await readStream(store, stream)).length, 2);
    },
  },
  {
    name: 'stream-exists means any version but 0',
    run: async ({ store }) => {
      const stream = aStream();
      const error = await rejectsWith('ES_CONCURRENCY', store.appendEvents(stream, someEvents(1), { expectedVersion: 'stream-exists' }));
      errorSays(error, { actualVersion: 0, expectedVersion: 'stream-exists' });
      assert.deepEqual(await readStream(store, stream), []);
      await newStream(store, 1, stream);
      assert.equal((await store.appendEvents(stream, someEvents(2), { expectedVersion: 'stream-exists' })).version, 3);
      assert.equal((await store.appendEvents(stream, someEvents(1), { expectedVersion: 'stream-exists' })).version, 4);
    },
  },
  {
    name: 'any is met by every version, 0 included',
    run: async ({ store }) => {
      const stream = aStream();
      for (const version of [1, 2, 3]) {
        assert.equal((await store.appendEvents(stream, someEvents(1), { expectedVersion: 'any' })).version, version);
      }
    },
  },
];
