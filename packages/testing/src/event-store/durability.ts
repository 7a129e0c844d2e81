import assert from 'node:assert/strict';
import { equalItems, race } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream, newStream, range, readStream, someEvents } from './sample-events.ts';

export const durability: readonly EventStoreCase[] = [
  {
    name: 'a store that is opened later has every event as it was',
    needs: 'durable',
    run: async ({ store, open }) => {
      const stream = await newStream(store, 700);
      await store.appendEvents(
        aStream(),
        [anEvent({ data: { text: '😀', number: 2 ** 53 - 1 }, tags: ['a'], metadata: { m: [1] } })],
        anyVersion,
      );
      const [log, events, head] = [await store.readAll().toArray(), await readStream(store, stream), await store.getHeadPosition()];
      await store.close();
      const later = await open();
      equalItems(await later.readAll().toArray(), log, 'the log');
      equalItems(await readStream(later, stream), events, 'the stream');
      assert.equal(await later.getHeadPosition(), head);
    },
  },
  {
    name: 'a store that is opened later goes on where the earlier one ended: versions, positions, known ids',
    needs: 'durable',
    run: async ({ store, open }) => {
      await newStream(store, 1);
      const stream = aStream();
      const events = someEvents(3);
      const first = await store.appendEvents(stream, events, { expectedVersion: 'no-stream' });
      await store.close();
      const later = await open();
      assert.deepEqual(await later.appendEvents(stream, events, { expectedVersion: 'no-stream' }), first);
      const second = await later.appendEvents(stream, someEvents(2), { expectedVersion: 3 });
      assert.equal(second.version, 5);
      assert.ok(second.position > first.position);
    },
  },
  {
    name: 'what was acknowledged before closing is there, and nothing else',
    needs: 'durable',
    run: async ({ store, open }) => {
      const streams = range(1, 20).map(() => aStream());
      const appends = streams.map(async (stream) => {
        await store.appendEvents(stream, someEvents(2), anyVersion);
        return stream;
      });
      const [, { won }] = await Promise.all([store.close(), race(appends)]);
      const later = await open();
      for (const stream of streams) assert.equal((await readStream(later, stream)).length, won.includes(stream) ? 2 : 0);
    },
  },
  {
    name: 'what one connection acknowledged the others can read at once',
    needs: 'multipleConnections',
    run: async ({ store, open }) => {
      const others = [await open(), await open()];
      for (let round = 0; round < 10; round += 1) {
        const stream = await newStream(store, 2);
        for (const other of others) {
          assert.equal((await readStream(other, stream)).length, 2);
          assert.equal(await other.getHeadPosition(), await store.getHeadPosition());
        }
      }
    },
  },
];
