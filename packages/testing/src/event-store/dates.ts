import assert from 'node:assert/strict';
import { rejectsWith } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { Dated } from './sample-definitions.ts';
import { anEvent, anyVersion, aStream, readStream } from './sample-events.ts';

const moment = new Date('2024-02-29T23:59:59.999Z');

export const dates: readonly EventStoreCase[] = [
  {
    name: 'a date comes back as a date where the schema says so',
    run: async ({ open }) => {
      const store = await open({ events: [Dated] });
      const stream = aStream();
      await store.appendEvents(stream, [Dated.create({ at: moment })], anyVersion);
      const [event] = await readStream(store, stream);
      assert.deepEqual(event?.data, { at: moment });
    },
  },
  {
    name: 'without a schema a date is stored as its ISO text, and text that looks like a date stays text',
    run: async ({ store }) => {
      const stream = aStream();
      const text = '2024-02-29T23:59:59.999Z';
      await store.appendEvents(stream, [anEvent({ data: { date: moment, text, day: '2024-02-29' } })], anyVersion);
      const [event] = await readStream(store, stream);
      assert.deepEqual(event?.data, { date: text, text, day: '2024-02-29' });
    },
  },
  {
    name: 'an invalid date is refused',
    run: async ({ store }) => {
      const event = anEvent({ data: { at: new Date(Number.NaN) } });
      await rejectsWith('ES_INVALID_EVENT_DATA', store.appendEvents(aStream(), [event], anyVersion));
    },
  },
  {
    name: 'the time of an event comes back in UTC with milliseconds, whatever the zone it was given in',
    run: async ({ store }) => {
      const stream = aStream();
      const times = [
        '2024-02-29T23:59:59.999Z',
        '2024-06-01T12:00:00+05:30',
        '1969-12-31T23:59:59.001Z',
        '0001-01-01T00:00:00.000Z',
        '9999-12-31T23:59:59.999Z',
      ];
      await store.appendEvents(
        stream,
        times.map((occurredAt) => anEvent({ occurredAt })),
        anyVersion,
      );
      const events = await readStream(store, stream);
      assert.deepEqual(
        events.map((event) => event.occurredAt),
        times.map((time) => new Date(time).toISOString()),
      );
    },
  },
];
