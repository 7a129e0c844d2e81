import assert from 'node:assert/strict';
import { ALL_EVENTS, type DomainEvent } from '@es/core';
import { Closed, Dated, OldPriceSet, Paid, PriceSet } from '../event-store/sample-definitions.ts';
import type { EventBusCase } from './bus-case.ts';
import { busEvent, busEvents } from './bus-events.ts';

/** An event with all that an envelope can have, and the edges of JSON in its data. */
const fullEvent: DomainEvent = {
  ...busEvent(),
  data: { text: 'größe 😀 \u0000 \ud800', nothing: null, list: [1.5, -1e21, true, { deep: [[]] }], '': 'empty key', __proto: {} },
  metadata: { from: { ip: '::1' }, emoji: '🦆' },
  tags: ['a', 'ü'],
  actorId: 'änne',
  tenantId: 'acme',
  correlationId: 'conversation',
  causationId: 'cause',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'vendor=value',
};

export const delivery: readonly EventBusCase[] = [
  {
    name: 'an event arrives as it was published, without what belongs to a store',
    run: async ({ open, received }) => {
      const [bus, got] = [await open(), received()];
      bus.subscribe(ALL_EVENTS, got.handler, { name: 'h' });
      await bus.startConsuming();
      await bus.publish([{ ...fullEvent, position: 7n, recordedAt: '2026-01-01T00:00:00.000Z' } as DomainEvent]);
      await got.reaches(1);
      assert.deepEqual(got.events[0], fullEvent);
    },
  },
  {
    name: 'an event arrives as a frozen copy',
    run: async ({ open, received }) => {
      const [bus, got] = [await open(), received()];
      bus.subscribe(ALL_EVENTS, got.handler, { name: 'h' });
      await bus.startConsuming();
      await bus.publish([fullEvent]);
      await got.reaches(1);
      const [event] = got.events;
      assert.notEqual(event?.data, fullEvent.data);
      assert.ok([event, event?.data, event?.metadata, event?.tags].every(Object.isFrozen));
    },
  },
  {
    name: 'data may be any JSON, and large',
    run: async ({ open, received }) => {
      const [bus, got] = [await open(), received()];
      const events = [null, 0, '', [], {}, false, 'x'.repeat(200_000)].map((data) => busEvent({ data }));
      bus.subscribe(ALL_EVENTS, got.handler, { name: 'h' });
      await bus.startConsuming();
      await bus.publish(events);
      await got.has(events);
      for (const { id, data } of events) assert.deepEqual(got.events.find((event) => event.id === id)?.data, data);
    },
  },
  {
    name: 'an event is given to every handler that wants its type, and to no other',
    run: async ({ open, received }) => {
      const bus = await open();
      const handlers = { one: received(), both: received(), byType: received(), byTypes: received(), other: received(), all: received() };
      bus.subscribe(Paid, handlers.one.handler, { name: 'one' });
      bus.subscribe([Paid, Closed], handlers.both.handler, { name: 'both' });
      bus.subscribe('Closed', handlers.byType.handler, { name: 'byType' });
      bus.subscribe(['Closed', 'Paid'], handlers.byTypes.handler, { name: 'byTypes' });
      bus.subscribe('Other', handlers.other.handler, { name: 'other' });
      bus.subscribe(ALL_EVENTS, handlers.all.handler, { name: 'all' });
      await bus.startConsuming();
      const stream = busEvents(2);
      const events = [
        { ...stream[0], type: 'Paid', data: { amount: 5 } },
        { ...stream[1], type: 'Closed', data: {} },
      ] as DomainEvent[];
      await bus.publish(events);
      await handlers.all.reaches(2);
      await bus.stop();
      const types = Object.entries(handlers).map(([name, { events: got }]) => [name, got.map(({ type }) => type)]);
      assert.deepEqual(Object.fromEntries(types), {
        one: ['Paid'],
        both: ['Paid', 'Closed'],
        byType: ['Closed'],
        byTypes: ['Paid', 'Closed'],
        other: [],
        all: ['Paid', 'Closed'],
      });
    },
  },
  {
    name: 'data is decoded by the definition that a handler subscribed with, and brought up to its version',
    run: async ({ open, received }) => {
      const [bus, got] = [await open(), received()];
      bus.subscribe([Dated, PriceSet], got.handler, { name: 'h' });
      await bus.startConsuming();
      const at = '2026-05-01T10:00:00.000Z';
      await bus.publish([busEvent({ type: 'Dated', data: { at } })]);
      await got.reaches(1);
      await bus.publish([busEvent({ type: 'PriceSet', data: { price: '3.50' } })]);
      await got.reaches(2);
      const [dated, priced] = got.events;
      assert.deepEqual(dated?.data, { at: new Date(at) });
      assert.deepEqual([priced?.schemaVersion, priced?.data], [3, { amount: 3.5, currency: 'EUR' }]);
    },
  },
  {
    name: 'an event that no handler wants is done, and those behind it go on',
    run: async ({ open, received }) => {
      const [bus, got] = [await open(), received()];
      bus.subscribe('Wanted', got.handler, { name: 'h' });
      await bus.startConsuming();
      const [unwanted, wanted] = busEvents(2);
      const events = [unwanted, { ...wanted, type: 'Wanted' }] as DomainEvent[];
      await bus.publish(events);
      await got.reaches(1);
      assert.equal(await bus.deadLetters.count(), 0);
      assert.deepEqual(await bus.stop(), { unfinished: 0 });
    },
  },
  {
    name: 'a handler that left is given nothing more, and one that came later is from then on',
    run: async ({ open, received }) => {
      const bus = await open();
      const [early, always, late] = [received(), received(), received()];
      const subscription = bus.subscribe(ALL_EVENTS, early.handler, { name: 'early' });
      bus.subscribe(ALL_EVENTS, always.handler, { name: 'always' });
      await bus.startConsuming();
      const events = busEvents(2);
      await bus.publish(events.slice(0, 1));
      await always.reaches(1);
      subscription.unsubscribe();
      bus.subscribe(ALL_EVENTS, late.handler, { name: 'late' });
      await bus.publish(events.slice(1));
      await late.reaches(1);
      await bus.stop();
      assert.deepEqual([early.numbers(), always.numbers(), late.numbers()], [[1], [1, 2], [2]]);
    },
  },
  {
    name: 'starting to consume again, also at the same time, does nothing more',
    run: async ({ open, received }) => {
      const [bus, got, events] = [await open(), received(), busEvents(3)];
      bus.subscribe(ALL_EVENTS, got.handler, { name: 'h' });
      await Promise.all([bus.startConsuming(), bus.startConsuming()]);
      await bus.startConsuming();
      await bus.publish(events);
      await got.has(events);
      await bus.stop();
      got.isExactly(events);
    },
  },
  {
    name: 'a handler’s name is its own, and two definitions of one type do not go together',
    run: async ({ open }) => {
      const bus = await open();
      bus.subscribe(PriceSet, () => undefined, { name: 'h' });
      assert.throws(() => bus.subscribe(Paid, () => undefined, { name: 'h' }), { code: 'ES_INVALID_ARGUMENT' });
      assert.throws(() => bus.subscribe(OldPriceSet, () => undefined, { name: 'other' }), { code: 'ES_EVENT_DEFINITION' });
    },
  },
];
