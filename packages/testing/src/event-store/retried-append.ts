import assert from 'node:assert/strict';
import type { ExpectedVersion } from '@es/core';
import type { EventStoreCase } from './event-store-case.ts';
import { anyVersion, aStream, newStream, readStream, someEvents } from './sample-events.ts';

const conditions: readonly ExpectedVersion[] = [0, 'no-stream', 'any'];

export const retriedAppend: readonly EventStoreCase[] = [
  {
    name: 'an append repeated with the same ids returns the first result and writes nothing',
    run: async ({ store }) => {
      for (const expectedVersion of conditions) {
        const stream = aStream();
        const events = someEvents(3);
        const first = await store.appendEvents(stream, events, { expectedVersion });
        assert.deepEqual(await store.appendEvents(stream, events, { expectedVersion }), first);
        assert.equal((await readStream(store, stream)).length, 3);
        assert.equal(await store.getHeadPosition(), first.position);
      }
    },
  },
  {
    name: 'a repeated append returns the first result after others have appended, too',
    run: async ({ store }) => {
      for (const expectedVersion of conditions) {
        const stream = aStream();
        const events = someEvents(2);
        const first = await store.appendEvents(stream, events, { expectedVersion });
        await store.appendEvents(stream, someEvents(4), anyVersion);
        assert.deepEqual(await store.appendEvents(stream, events, { expectedVersion }), first);
        assert.equal((await readStream(store, stream)).length, 6);
      }
    },
  },
  {
    name: 'a repeated append in the middle of a stream returns the first result, at its version or any',
    run: async ({ store }) => {
      const stream = await newStream(store, 2);
      const events = someEvents(2);
      const first = await store.appendEvents(stream, events, { expectedVersion: 2 });
      await newStream(store, 1);
      for (const expectedVersion of [2, 'any', 'stream-exists'] as const) {
        assert.deepEqual(await store.appendEvents(stream, events, { expectedVersion }), first);
      }
    },
  },
  {
    name: 'repeating the first part of an append answers for that part',
    run: async ({ store }) => {
      const stream = aStream();
      const events = someEvents(3);
      await store.appendEvents(stream, events, { expectedVersion: 0 });
      const [first, second] = await readStream(store, stream);
      assert.deepEqual(await store.appendEvents(stream, events.slice(0, 1), { expectedVersion: 0 }), {
        version: 1,
        position: first?.position,
      });
      assert.deepEqual(await store.appendEvents(stream, events.slice(0, 2), anyVersion), { version: 2, position: second?.position });
      assert.equal((await readStream(store, stream)).length, 3);
    },
  },
  {
    name: 'a repeated append keeps what was written first',
    run: async ({ store }) => {
      const stream = aStream();
      const events = someEvents(1);
      await store.appendEvents(stream, events, anyVersion);
      const changed = events.map((event) => ({ ...event, data: { number: 99 }, metadata: { changed: true } }));
      await store.appendEvents(stream, changed, anyVersion);
      const [stored] = await readStream(store, stream);
      assert.deepEqual([stored?.data, stored?.metadata], [{ number: 1 }, {}]);
    },
  },
  {
    name: 'a repeated append is recognised through another connection',
    needs: 'multipleConnections',
    run: async ({ store, open }) => {
      await newStream(store, 1);
      const stream = aStream();
      const events = someEvents(2);
      const first = await store.appendEvents(stream, events, { expectedVersion: 'no-stream' });
      const other = await open();
      assert.deepEqual(await other.appendEvents(stream, events, { expectedVersion: 'no-stream' }), first);
      assert.equal((await readStream(other, stream)).length, 2);
    },
  },
];
