import assert from 'node:assert/strict';
import { rejectsWith } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream, newStream, readStream, someEvents } from './sample-events.ts';

export const atomicAppend: readonly EventStoreCase[] = [
  {
    name: 'an append with one bad event among good ones writes none of them',
    run: async ({ store }) => {
      const stream = await newStream(store, 1);
      const head = await store.getHeadPosition();
      const bad = anEvent({ data: { amount: Number.NaN } });
      await rejectsWith('ES_INVALID_EVENT_DATA', store.appendEvents(stream, [...someEvents(2), bad, ...someEvents(2)], anyVersion));
      assert.equal((await readStream(store, stream)).length, 1);
      assert.equal(await store.getHeadPosition(), head);
    },
  },
  {
    name: 'a failed append leaves no trace: its version numbers and ids are free',
    run: async ({ store }) => {
      const stream = await newStream(store, 1);
      const events = someEvents(2);
      await rejectsWith('ES_CONCURRENCY', store.appendEvents(stream, events, { expectedVersion: 7 }));
      assert.equal((await store.appendEvents(aStream(), events, { expectedVersion: 'no-stream' })).version, 2);
      assert.equal((await store.appendEvents(stream, someEvents(1), { expectedVersion: 1 })).version, 2);
    },
  },
];
