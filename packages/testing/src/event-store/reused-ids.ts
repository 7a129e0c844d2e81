import assert from 'node:assert/strict';
import type { EventStore, EventToAppend, StreamId } from '@es/core';
import { errorSays, rejectsWith } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream, idsOf, newStream, readStream, someEvents } from './sample-events.ts';

/** Expects an append to be refused because an id is taken, and to change nothing. */
async function refused(store: EventStore, stream: StreamId, events: readonly EventToAppend[], taken: string): Promise<void> {
  const head = await store.getHeadPosition();
  const before = await readStream(store, stream);
  for (const expectedVersion of ['any', before.length] as const) {
    const error = await rejectsWith('ES_EVENT_ID_CONFLICT', store.appendEvents(stream, events, { expectedVersion }));
    errorSays(error, { eventId: taken, stream });
  }
  assert.equal(await store.getHeadPosition(), head);
  assert.deepEqual(await readStream(store, stream), before);
}

export const reusedIds: readonly EventStoreCase[] = [
  {
    name: 'ids that stand in another stream are refused',
    run: async ({ store }) => {
      const events = someEvents(2);
      await store.appendEvents(aStream(), events, anyVersion);
      await refused(store, aStream(), events, events[0]?.id ?? '');
      await refused(store, await newStream(store, 2), events, events[0]?.id ?? '');
    },
  },
  {
    name: 'ids that stand in a stream of the same id but another type are refused',
    run: async ({ store }) => {
      const stream = aStream('One');
      const events = someEvents(1);
      await store.appendEvents(stream, events, anyVersion);
      await refused(store, { ...stream, aggregateType: 'Another' }, events, events[0]?.id ?? '');
    },
  },
  {
    name: 'the same ids in another order are refused',
    run: async ({ store }) => {
      const stream = aStream();
      const [first, second, third] = someEvents(3) as [EventToAppend, EventToAppend, EventToAppend];
      await store.appendEvents(stream, [first, second, third], anyVersion);
      await refused(store, stream, [second, first], second.id);
      await refused(store, stream, [first, third], first.id);
    },
  },
  {
    name: 'old ids together with new ones are refused',
    run: async ({ store }) => {
      const stream = aStream();
      const [old] = someEvents(1) as [EventToAppend];
      await store.appendEvents(stream, [old], anyVersion);
      await refused(store, stream, [old, anEvent()], old.id);
      await refused(store, stream, [anEvent(), old], old.id);
    },
  },
  {
    name: 'ids of two appends with others in between are refused as one append',
    run: async ({ store }) => {
      const stream = aStream();
      const [first, second] = someEvents(2) as [EventToAppend, EventToAppend];
      await store.appendEvents(stream, [first], anyVersion);
      await store.appendEvents(stream, someEvents(1), anyVersion);
      await store.appendEvents(stream, [second], anyVersion);
      await refused(store, stream, [first, second], first.id);
    },
  },
  {
    name: 'an id that occurs twice in one append is refused',
    run: async ({ store }) => {
      const stream = aStream();
      const event = anEvent();
      await rejectsWith('ES_INVALID_ARGUMENT', store.appendEvents(stream, [event, anEvent(), event], anyVersion));
      assert.deepEqual(idsOf(await readStream(store, stream)), []);
    },
  },
];
