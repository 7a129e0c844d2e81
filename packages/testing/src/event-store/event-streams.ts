import assert from 'node:assert/strict';
import { sameItems } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anyVersion, idsOf, newStream, range, readStream, someEvents, versionsOf } from './sample-events.ts';

export const eventStreams: readonly EventStoreCase[] = [
  {
    name: 'nothing is read before it is iterated, and each iteration is a read of its own',
    run: async ({ store }) => {
      const stream = await newStream(store, 1);
      const events = store.getEvents(stream);
      const all = store.readAll();
      await store.appendEvents(stream, someEvents(1), anyVersion);
      assert.deepEqual(versionsOf(await events.toArray()), [1, 2]);
      await store.appendEvents(stream, someEvents(1), anyVersion);
      assert.deepEqual(versionsOf(await events.toArray()), [1, 2, 3]);
      assert.equal((await all.toArray()).length, 3);
    },
  },
  {
    name: 'the same events come one by one, page by page, and as an array',
    run: async ({ store }) => {
      const stream = await newStream(store, 1_200);
      const expected = idsOf(await store.getEvents(stream).toArray());
      const oneByOne: string[] = [];
      for await (const event of store.getEvents(stream)) oneByOne.push(event.id);
      const pages: string[] = [];
      for await (const page of store.getEvents(stream).pages()) {
        assert.ok(page.length > 0);
        pages.push(...idsOf(page));
      }
      sameItems(oneByOne, expected, 'one by one');
      sameItems(pages, expected, 'page by page');
      assert.equal(expected.length, 1_200);
      assert.equal((await store.getEvents(stream).first())?.id, expected[0]);
    },
  },
  {
    name: 'an abandoned read lets go of what it held',
    run: async ({ store }) => {
      const stream = await newStream(store, 2_000);
      for (let round = 0; round < 100; round += 1) {
        for await (const event of store.getEvents(stream)) if (event.version === 3) break;
        await store.readAll().first();
      }
      await store.appendEvents(stream, someEvents(1), { expectedVersion: 2_000 });
      assert.equal((await store.getEvents(stream, { direction: 'backward' }).first())?.version, 2_001);
    },
  },
  {
    name: 'reads that run side by side do not disturb each other',
    run: async ({ store }) => {
      const streams = await Promise.all([newStream(store, 700), newStream(store, 1_100), newStream(store, 10)]);
      const read = await Promise.all([...streams, ...streams].map((stream) => readStream(store, stream)));
      for (const [index, length] of [700, 1_100, 10, 700, 1_100, 10].entries()) sameItems(versionsOf(read[index] ?? []), range(1, length));
    },
  },
  {
    name: 'an append in the middle of a read goes through, and the read ends',
    run: async ({ store }) => {
      const stream = await newStream(store, 600);
      let read = 0;
      for await (const event of store.getEvents(stream)) {
        read += 1;
        if (event.version % 100 === 0 && event.version <= 600) await store.appendEvents(stream, someEvents(1), anyVersion);
      }
      assert.ok(read >= 600 && read <= 606, `read ${read}`);
      sameItems(versionsOf(await readStream(store, stream)), range(1, 606));
    },
  },
];
