import assert from 'node:assert/strict';
import type { EventStoreCase } from './event-store-case.ts';
import { anyVersion, aStream, idsOf, newStream, someEvents } from './sample-events.ts';

export const readAllOrder: readonly EventStoreCase[] = [
  {
    name: 'reads the events of all streams in the order in which they were appended',
    run: async ({ store }) => {
      const streams = [aStream('A'), aStream('B'), aStream('C')];
      const appended: string[] = [];
      for (let round = 0; round < 30; round += 1) {
        const stream = streams[round % streams.length] ?? aStream();
        const events = someEvents(1 + (round % 4));
        appended.push(...idsOf(events));
        await store.appendEvents(stream, events, anyVersion);
      }
      const all = await store.readAll().toArray();
      assert.deepEqual(idsOf(all), appended);
      assert.ok(all.every((event, index) => index === 0 || event.position > (all[index - 1]?.position ?? 0n)));
      assert.deepEqual(await store.readAll().toArray(), all);
    },
  },
  {
    name: 'an event has the same position, time and content in both reads',
    run: async ({ store }) => {
      const stream = await newStream(store, 5);
      await newStream(store, 2);
      const all = await store.readAll({ limit: 5 }).toArray();
      assert.deepEqual(await store.getEvents(stream).toArray(), all);
    },
  },
  {
    name: 'an empty store has no events and its head at position 0',
    run: async ({ store }) => {
      assert.deepEqual([await store.readAll().toArray(), await store.getHeadPosition()], [[], 0n]);
    },
  },
  {
    name: 'the head is the position of the last event, and everything up to it can be read',
    run: async ({ store }) => {
      for (let count = 1; count <= 5; count += 1) {
        const { position } = await store.appendEvents(aStream(), someEvents(2), anyVersion);
        const head = await store.getHeadPosition();
        assert.equal(head, position);
        const all = await store.readAll({ upTo: head }).toArray();
        assert.deepEqual([all.length, all.at(-1)?.position], [count * 2, head]);
      }
    },
  },
];
