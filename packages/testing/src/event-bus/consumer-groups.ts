import assert from 'node:assert/strict';
import { ALL_EVENTS, type BrokerEventBusOptions, type DomainEvent, type EventBus } from '@es/core';
import type { EventBusCase, EventBusSetting } from './bus-case.ts';
import { interleavedEvents, turn } from './bus-events.ts';
import type { Received } from './received.ts';

/** A bus that consumes, with what its handler is given. */
async function consumer({ open }: EventBusSetting, got: Received, options?: BrokerEventBusOptions): Promise<EventBus> {
  const bus = await open(options);
  bus.subscribe(
    ALL_EVENTS,
    async (event, { attempt }) => {
      // Some take longer than those behind them, or fail at first, so that these would overtake them if they could.
      for (let turns = (event.version * 7) % 5; turns > 0; turns -= 1) await turn();
      if (attempt === 1 && event.version % 6 === 0) throw new Error('again');
      got.handler(event);
    },
    { name: 'h' },
  );
  await bus.startConsuming();
  return bus;
}

/** Has three buses of one group share events. */
async function share(setting: EventBusSetting): Promise<{ got: Received; events: readonly DomainEvent[] }> {
  const got = setting.received();
  const buses = [await consumer(setting, got), await consumer(setting, got), await consumer(setting, got)];
  const [publisher, events] = [await setting.open(), interleavedEvents(12, 20)];
  for (let start = 0; start < events.length; start += 60) await publisher.publish(events.slice(start, start + 60));
  await got.has(events);
  await Promise.all(buses.map((bus) => bus.stop()));
  return { got, events };
}

/** Has one bus of a group leave and another join it while events come. */
async function replace(setting: EventBusSetting): Promise<{ got: Received; events: readonly DomainEvent[] }> {
  const got = setting.received();
  const [leaving, staying] = [await consumer(setting, got), await consumer(setting, got)];
  const publisher = await setting.open();
  const events = interleavedEvents(10, 30);
  await publisher.publish(events.slice(0, 100));
  await got.reaches(10);
  await Promise.all([leaving.stop(), publisher.publish(events.slice(100, 200))]);
  const joining = await consumer(setting, got);
  await publisher.publish(events.slice(200));
  await got.has(events);
  await Promise.all([staying.stop(), joining.stop()]);
  return { got, events };
}

export const consumerGroups: readonly EventBusCase[] = [
  {
    name: 'every consumer group is given every event',
    needs: 'consumerGroups',
    run: async (setting) => {
      const groups = [setting.received(), setting.received(), setting.received()];
      const buses = await Promise.all(groups.map((got, index) => consumer(setting, got, { consumerGroup: `group-${index}` })));
      const events = interleavedEvents(4, 5);
      await buses[0]?.publish(events);
      for (const got of groups) await got.has(events);
      await Promise.all(buses.map((bus) => bus.stop()));
      for (const got of groups) got.isExactly(events);
    },
  },
  {
    name: 'buses of one group share the events: each is handled by one of them',
    needs: 'consumerGroups',
    run: async (setting) => {
      const { got, events } = await share(setting);
      assert.equal(got.events.length, events.length, 'how many events their handlers were given');
    },
  },
  {
    name: 'buses of one group that share the events keep those of an aggregate in order',
    needs: 'orderedGroups',
    run: async (setting) => {
      const { got, events } = await share(setting);
      got.isExactly(events);
    },
  },
  {
    name: 'a bus that only publishes takes nothing from its group',
    needs: 'consumerGroups',
    run: async (setting) => {
      const [got, publisher, events] = [setting.received(), await setting.open(), interleavedEvents(6, 2)];
      publisher.subscribe(ALL_EVENTS, () => assert.fail('it never started to consume'), { name: 'h' });
      await consumer(setting, got);
      await publisher.publish(events);
      await got.has(events);
      got.isExactly(events);
    },
  },
  {
    name: 'a failure in one group is not repeated in another',
    needs: 'consumerGroups',
    run: async (setting) => {
      const [good, bad] = [setting.received(), setting.received()];
      const bus = await consumer(setting, good, { consumerGroup: 'good' });
      const failing = await setting.open({ consumerGroup: 'failing' });
      failing.subscribe(
        ALL_EVENTS,
        (event, { attempt }) => {
          if (attempt < 3) throw new Error('again');
          bad.handler(event);
        },
        { name: 'h' },
      );
      await failing.startConsuming();
      const events = interleavedEvents(2, 2);
      await bus.publish(events);
      await bad.has(events);
      await good.has(events);
      await Promise.all([bus.stop(), failing.stop()]);
      good.isExactly(events);
      bad.isExactly(events);
    },
  },
  {
    name: 'when a bus leaves its group and another joins, no event is lost',
    needs: 'consumerGroups',
    run: async (setting) => {
      await replace(setting);
    },
  },
  {
    name: 'when a bus leaves its group and another joins, order holds for each aggregate',
    needs: 'orderedGroups',
    run: async (setting) => {
      const { got, events } = await replace(setting);
      got.keepsOrderOf(events);
    },
  },
];
