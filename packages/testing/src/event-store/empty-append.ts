import assert from 'node:assert/strict';
import { errorSays, rejectsWith } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anyVersion, aStream, newStream } from './sample-events.ts';

export const emptyAppend: readonly EventStoreCase[] = [
  {
    name: 'an empty append writes nothing and says where the stream stands',
    run: async ({ store }) => {
      const stream = await newStream(store, 3);
      const head = await store.getHeadPosition();
      for (const expectedVersion of [3, 'any', 'stream-exists'] as const) {
        assert.deepEqual(await store.appendEvents(stream, [], { expectedVersion }), { version: 3, position: head });
      }
      assert.equal(await store.getHeadPosition(), head);
    },
  },
  {
    name: 'an empty append to a stream that does not exist leaves it so',
    run: async ({ store }) => {
      const stream = aStream();
      for (const expectedVersion of [0, 'any', 'no-stream'] as const) {
        assert.deepEqual(await store.appendEvents(stream, [], { expectedVersion }), { version: 0, position: 0n });
      }
      await rejectsWith('ES_CONCURRENCY', store.appendEvents(stream, [], { expectedVersion: 'stream-exists' }));
      assert.deepEqual(await store.getEvents(stream).toArray(), []);
    },
  },
  {
    name: 'an empty append still checks its condition',
    run: async ({ store }) => {
      const stream = await newStream(store, 2);
      await store.appendEvents(aStream(), [], anyVersion);
      for (const expectedVersion of [0, 1, 3, 'no-stream'] as const) {
        const error = await rejectsWith('ES_CONCURRENCY', store.appendEvents(stream, [], { expectedVersion }));
        errorSays(error, { actualVersion: 2, expectedVersion });
      }
    },
  },
];
