import assert from 'node:assert/strict';
import { errorSays, rejectsWith } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { OldPriceSet, PriceSet, PriceSetWithoutHistory } from './sample-definitions.ts';
import { anEvent, anyVersion, aStream, readStream } from './sample-events.ts';

const history = [
  { schemaVersion: 1, data: { price: '3.50' } },
  { schemaVersion: 2, data: { price: 4.5 } },
  { schemaVersion: 3, data: { amount: 5.5, currency: 'CHF' } },
];

export const upcasting: readonly EventStoreCase[] = [
  {
    name: 'events of older schema versions are brought up to the present one when they are read',
    run: async ({ store }) => {
      const stream = aStream();
      await store.appendEvents(
        stream,
        history.map((fields) => anEvent({ type: 'PriceSet', ...fields })),
        anyVersion,
      );
      for (const read of [store.getEvents(stream, { events: [PriceSet] }), store.readAll({ events: [PriceSet] })]) {
        const events = await read.toArray();
        assert.deepEqual(
          events.map((event) => event.data),
          [
            { amount: 3.5, currency: 'EUR' },
            { amount: 4.5, currency: 'EUR' },
            { amount: 5.5, currency: 'CHF' },
          ],
        );
        assert.deepEqual(
          events.map((event) => event.schemaVersion),
          [3, 3, 3],
        );
      }
    },
  },
  {
    name: 'what is stored keeps its schema version, whoever reads it',
    run: async ({ store }) => {
      const stream = aStream();
      await store.appendEvents(
        stream,
        history.map((fields) => anEvent({ type: 'PriceSet', ...fields })),
        anyVersion,
      );
      await store.getEvents(stream, { events: [PriceSet] }).toArray();
      const events = await readStream(store, stream);
      assert.deepEqual(
        events.map(({ schemaVersion, data }) => ({ schemaVersion, data })),
        history,
      );
    },
  },
  {
    name: 'a version without a step to the next, or newer than the code, is an error that names it',
    run: async ({ store }) => {
      const stream = aStream();
      const event = anEvent({ type: 'PriceSet', ...history[0] });
      await store.appendEvents(stream, [event], anyVersion);
      const missing = await rejectsWith('ES_UPCAST', store.getEvents(stream, { events: [PriceSetWithoutHistory] }).toArray());
      errorSays(missing, { eventType: 'PriceSet', eventId: event.id, schemaVersion: 1 });
      await store.appendEvents(stream, [anEvent({ type: 'PriceSet', ...history[2] })], anyVersion);
      const newer = await rejectsWith('ES_UPCAST', store.getEvents(stream, { events: [OldPriceSet], fromVersion: 2 }).toArray());
      errorSays(newer, { eventType: 'PriceSet', schemaVersion: 3 });
    },
  },
];
