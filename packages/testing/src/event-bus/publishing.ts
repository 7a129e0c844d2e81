import assert from 'node:assert/strict';
import { ALL_EVENTS, type DomainEvent, type EventBus } from '@es/core';
import { rejectsWith } from '../conformance/expectations.ts';
import { Closed, Paid } from '../event-store/sample-definitions.ts';
import type { EventBusCase, EventBusSetting } from './bus-case.ts';
import { busEvent, busEvents, interleavedEvents } from './bus-events.ts';

/** Publishes what must be refused, then something good, and expects that only this arrives. */
async function refusesAll(setting: EventBusSetting, bus: EventBus, code: string, batch: readonly DomainEvent[]): Promise<void> {
  const received = setting.received();
  bus.subscribe(ALL_EVENTS, received.handler, { name: 'h' });
  await bus.startConsuming();
  await rejectsWith(code, bus.publish(batch));
  const good = [busEvent({ type: 'Closed', data: {} })];
  await bus.publish(good);
  await received.has(good);
  await bus.stop();
  received.isExactly(good);
}

export const publishing: readonly EventBusCase[] = [
  {
    name: 'an empty list of events does nothing',
    run: async (setting) => {
      const [bus, received, events] = [await setting.open(), setting.received(), busEvents(1)];
      bus.subscribe(ALL_EVENTS, received.handler, { name: 'h' });
      await bus.startConsuming();
      await bus.publish([]);
      await bus.publish(events);
      await received.has(events);
      await bus.stop();
      received.isExactly(events);
    },
  },
  {
    name: 'a batch with something that is no complete event is refused as a whole',
    run: async (setting) => {
      const bus = await setting.open();
      await refusesAll(setting, bus, 'ES_INVALID_ARGUMENT', [busEvent(), busEvent({ version: 0 })]);
    },
  },
  {
    name: 'a batch with data that has no JSON form is refused as a whole',
    run: async (setting) => {
      const bus = await setting.open();
      await refusesAll(setting, bus, 'ES_INVALID_EVENT_DATA', [busEvent(), busEvent({ data: { bad: 1n } })]);
    },
  },
  {
    name: 'with definitions, a batch with an event of another type is refused as a whole',
    run: async (setting) => {
      const bus = await setting.open({ events: [Closed, Paid] });
      await refusesAll(setting, bus, 'ES_UNKNOWN_EVENT_TYPE', [busEvent({ type: 'Closed', data: {} }), busEvent()]);
    },
  },
  {
    name: 'with definitions, a batch with data that fails its schema is refused as a whole',
    run: async (setting) => {
      const bus = await setting.open({ events: [Closed, Paid] });
      const batch = [busEvent({ type: 'Paid', data: { amount: 1 } }), busEvent({ type: 'Paid', data: { amount: 'much' } })];
      await refusesAll(setting, bus, 'ES_INVALID_EVENT_DATA', batch);
    },
  },
  {
    name: 'a batch of 1,000 events arrives once and in the order of each aggregate',
    run: async (setting) => {
      const [bus, received, events] = [await setting.open(), setting.received(), interleavedEvents(20, 50)];
      bus.subscribe(ALL_EVENTS, received.handler, { name: 'h' });
      await bus.startConsuming();
      await bus.publish(events);
      await received.has(events);
      await bus.stop();
      received.isExactly(events);
    },
  },
  {
    name: 'many publishes at the same time arrive once and in the order in which they were called for each aggregate',
    run: async (setting) => {
      const [bus, received, events] = [await setting.open(), setting.received(), interleavedEvents(5, 20)];
      bus.subscribe(ALL_EVENTS, received.handler, { name: 'h' });
      await bus.startConsuming();
      await Promise.all(events.map((event) => bus.publish([event])));
      await received.has(events);
      await bus.stop();
      received.isExactly(events);
    },
  },
  {
    name: 'with an aborted signal nothing is published',
    run: async (setting) => {
      const [bus, received, events] = [await setting.open(), setting.received(), busEvents(1)];
      bus.subscribe(ALL_EVENTS, received.handler, { name: 'h' });
      await bus.startConsuming();
      await rejectsWith('ES_ABORTED', bus.publish(busEvents(2), { signal: AbortSignal.abort() }));
      await bus.publish(events);
      await received.has(events);
      await bus.stop();
      received.isExactly(events);
    },
  },
  {
    name: 'a handler can publish, and that is handled too',
    run: async (setting) => {
      const [bus, received] = [await setting.open(), setting.received()];
      const followUp = busEvent({ type: 'Followed' });
      bus.subscribe('Happened', () => bus.publish([followUp]), { name: 'publisher' });
      bus.subscribe('Followed', received.handler, { name: 'follower' });
      await bus.startConsuming();
      await bus.publish([busEvent()]);
      await received.reaches(1);
      assert.equal(received.events[0]?.id, followUp.id);
    },
  },
  {
    name: 'an event that nobody would ever get is refused, with an error that names it',
    needs: 'refusesUnroutable',
    run: async ({ open }) => {
      const bus = await open();
      const events = busEvents(2);
      const error = await rejectsWith('ES_PUBLISH_UNROUTABLE', bus.publish(events));
      const { unconfirmed } = error as { unconfirmed?: readonly { readonly id: string }[] };
      assert.deepEqual(
        unconfirmed?.map(({ id }) => id),
        events.map(({ id }) => id),
      );
    },
  },
];
