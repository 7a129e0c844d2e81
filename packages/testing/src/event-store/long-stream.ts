import assert from 'node:assert/strict';
import type { EventStore, StoredEvent, StreamId } from '@es/core';
import { sameItems } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { aStream, range, someEvents, versionsOf } from './sample-events.ts';

const length = 10_000;

async function append(store: EventStore, batch: number): Promise<StreamId> {
  const stream = aStream();
  const events = someEvents(length);
  for (let version = 0; version < length; version += batch) {
    await store.appendEvents(stream, events.slice(version, version + batch), { expectedVersion: version });
  }
  return stream;
}

function numbers(events: readonly StoredEvent[]): number[] {
  return events.map((event) => (event.data as { number: number }).number);
}

export const longStream: readonly EventStoreCase[] = [
  {
    name: 'a stream of 10,000 events comes back complete and in order, forward and backward',
    run: async ({ store }) => {
      const stream = await append(store, 500);
      const forward = await store.getEvents(stream).toArray();
      sameItems(versionsOf(forward), range(1, length));
      sameItems(numbers(forward), range(1, length));
      const backward = await store.getEvents(stream, { direction: 'backward' }).toArray();
      sameItems(versionsOf(backward), range(1, length).reverse());
    },
  },
  {
    name: '10,000 events can be appended at once, and read from anywhere',
    run: async ({ store }) => {
      const stream = await append(store, length);
      assert.equal(await store.getHeadPosition(), (await store.getEvents(stream, { direction: 'backward' }).first())?.position);
      for (const fromVersion of [1, 511, 512, 513, 4_999, 9_990]) {
        const events = await store.getEvents(stream, { fromVersion, limit: 1_100 }).toArray();
        sameItems(versionsOf(events), range(fromVersion, Math.min(length, fromVersion + 1_099)));
      }
      const before = await store.getEvents(stream, { toVersion: 9_000, limit: 1_100, direction: 'backward' }).toArray();
      sameItems(versionsOf(before), range(7_901, 9_000).reverse());
    },
  },
];
