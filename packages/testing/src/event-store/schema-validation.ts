import assert from 'node:assert/strict';
import { errorSays, rejectsWith } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { Closed, Paid } from './sample-definitions.ts';
import { anEvent, anyVersion, aStream, readStream } from './sample-events.ts';

export const schemaValidation: readonly EventStoreCase[] = [
  {
    name: 'with definitions, an event that fails its schema is refused at append, with type, id and field',
    run: async ({ open }) => {
      const store = await open({ events: [Paid] });
      const stream = aStream();
      const bad = anEvent({ type: 'Paid', data: { amount: 'much' } });
      const error = await rejectsWith('ES_INVALID_EVENT_DATA', store.appendEvents(stream, [Paid.create({ amount: 1 }), bad], anyVersion));
      errorSays(error, { eventType: 'Paid', eventId: bad.id, issues: [{ path: 'amount', message: 'must be a number' }] });
      assert.deepEqual(await readStream(store, stream), []);
    },
  },
  {
    name: 'with definitions, an event that fails its schema is an error at read, with type, id and field',
    run: async ({ store }) => {
      const stream = aStream();
      const bad = anEvent({ type: 'Paid', data: { amount: 'much' } });
      await store.appendEvents(stream, [bad], anyVersion);
      for (const read of [store.getEvents(stream, { events: [Paid] }), store.readAll({ events: [Paid] })]) {
        errorSays(await rejectsWith('ES_INVALID_EVENT_DATA', read.toArray()), { eventType: 'Paid', eventId: bad.id });
      }
      assert.equal((await readStream(store, stream)).length, 1);
    },
  },
  {
    name: 'with definitions, an unknown type is refused at append',
    run: async ({ open }) => {
      const store = await open({ events: [Paid] });
      const stream = aStream();
      const unknown = anEvent({ type: 'Refunded' });
      const error = await rejectsWith(
        'ES_UNKNOWN_EVENT_TYPE',
        store.appendEvents(stream, [Paid.create({ amount: 1 }), unknown], anyVersion),
      );
      errorSays(error, { eventType: 'Refunded', eventId: unknown.id });
      assert.deepEqual(await readStream(store, stream), []);
    },
  },
  {
    name: 'with definitions, an unknown type is an error at read',
    run: async ({ store }) => {
      const stream = aStream();
      const unknown = anEvent({ type: 'Refunded' });
      await store.appendEvents(stream, [Paid.create({ amount: 1 }), unknown], anyVersion);
      for (const read of [store.getEvents(stream, { events: [Paid] }), store.readAll({ events: [Paid] })]) {
        errorSays(await rejectsWith('ES_UNKNOWN_EVENT_TYPE', read.toArray()), { eventType: 'Refunded', eventId: unknown.id });
      }
    },
  },
  {
    name: 'the definitions of a read come before those of the store',
    run: async ({ open }) => {
      const store = await open({ events: [Paid, Closed] });
      const stream = aStream();
      await store.appendEvents(stream, [Paid.create({ amount: 1 }), Closed.create()], anyVersion);
      assert.equal((await readStream(store, stream)).length, 2);
      await rejectsWith('ES_UNKNOWN_EVENT_TYPE', store.getEvents(stream, { events: [Paid] }).toArray());
    },
  },
  {
    name: 'an event without data comes back with an empty object',
    run: async ({ open }) => {
      const store = await open({ events: [Closed] });
      const stream = aStream();
      await store.appendEvents(stream, [Closed.create()], anyVersion);
      const [event] = await readStream(store, stream);
      assert.deepEqual([event?.type, event?.data], ['Closed', {}]);
    },
  },
];
