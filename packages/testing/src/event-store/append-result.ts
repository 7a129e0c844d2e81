import assert from 'node:assert/strict';
import type { EventStoreCase } from './event-store-case.ts';
import { anyVersion, aStream, someEvents, versionsOf } from './sample-events.ts';

export const appendResult: readonly EventStoreCase[] = [
  {
    name: "answers with the stream's new version and the position of the last event",
    run: async ({ store }) => {
      const stream = aStream();
      const first = await store.appendEvents(stream, someEvents(2), { expectedVersion: 'no-stream' });
      const second = await store.appendEvents(stream, someEvents(3), { expectedVersion: 2 });
      const events = await store.getEvents(stream).toArray();
      assert.deepEqual(versionsOf(events), [1, 2, 3, 4, 5]);
      assert.deepEqual([first.version, second.version], [2, 5]);
      assert.deepEqual([first.position, second.position], [events[1]?.position, events[4]?.position]);
    },
  },
  {
    name: 'makes what it acknowledged readable at once',
    run: async ({ store }) => {
      for (let count = 1; count <= 20; count += 1) {
        const { position } = await store.appendEvents(aStream(), someEvents(1), anyVersion);
        assert.equal(await store.getHeadPosition(), position);
        assert.equal((await store.readAll().toArray()).length, count);
      }
    },
  },
  {
    name: 'gives positions of the type bigint, from 1',
    run: async ({ store }) => {
      const { position } = await store.appendEvents(aStream(), someEvents(1), anyVersion);
      assert.equal(typeof position, 'bigint');
      assert.ok(position >= 1n);
    },
  },
];
