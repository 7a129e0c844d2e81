import assert from 'node:assert/strict';
import { ALL_EVENTS } from '@es/core';
import type { EventBusCase, EventBusSetting } from './bus-case.ts';
import { busEvents, interleavedEvents, muchLater, untilAborted } from './bus-events.ts';
import type { Received } from './received.ts';

/** Makes the consumer group known to the broker, so that it is given what is published from now on. */
async function announceGroup({ open }: EventBusSetting): Promise<void> {
  const bus = await open();
  bus.subscribe(ALL_EVENTS, () => undefined, { name: 'h' });
  await bus.startConsuming();
  await bus.stop();
}

/** Another bus of the group, that handles whatever it is given. */
async function nextBus({ open, received }: EventBusSetting): Promise<Received> {
  const [bus, got] = [await open(), received()];
  bus.subscribe(ALL_EVENTS, got.handler, { name: 'h' });
  await bus.startConsuming();
  return got;
}

export const durableDelivery: readonly EventBusCase[] = [
  {
    name: 'what was published while nobody consumed waits for the consumer that comes later, also when the publisher is gone',
    needs: 'durable',
    run: async (setting) => {
      await announceGroup(setting);
      const [publisher, events] = [await setting.open(), interleavedEvents(5, 10)];
      await publisher.publish(events.slice(0, 25));
      for (const event of events.slice(25)) await publisher.publish([event]);
      await publisher.stop();
      const got = await nextBus(setting);
      await got.has(events);
      got.isExactly(events);
    },
  },
  {
    name: 'what was in hand when its bus stopped is given to the next one of the group, and what was done is not',
    needs: 'durable',
    run: async (setting) => {
      const [bus, done] = [await setting.open(), setting.received()];
      const [handled, hanging] = [busEvents(3), busEvents(3)];
      let hangs = false;
      bus.subscribe(
        ALL_EVENTS,
        async (event, { signal }) => {
          if (event.aggregateId === hanging[0]?.aggregateId) {
            hangs = true;
            await untilAborted(signal);
          }
          done.handler(event);
        },
        { name: 'h' },
      );
      await bus.startConsuming();
      await bus.publish([...hanging, ...handled]);
      await done.has(handled);
      await setting.until(() => hangs, 'a handler hangs');
      const { unfinished } = await bus.stop({ deadlineMs: 0 });
      assert.ok(unfinished >= 1, 'at least the message in hand is reported as unfinished');
      const got = await nextBus(setting);
      await got.has(hanging);
      got.isExactly(hanging);
    },
  },
  {
    name: 'what waited to be tried again when its bus stopped is given to the next one of the group',
    needs: 'durable',
    run: async (setting) => {
      const [bus, events] = [await setting.open({ retry: muchLater }), busEvents(2)];
      let failures = 0;
      bus.subscribe(
        ALL_EVENTS,
        () => {
          failures += 1;
          throw new Error('later');
        },
        { name: 'h' },
      );
      await bus.startConsuming();
      await bus.publish(events);
      await setting.until(() => failures === 1, 'the handler has failed once');
      await bus.stop({ deadlineMs: 0 });
      const got = await nextBus(setting);
      await got.has(events);
      got.isExactly(events);
    },
  },
  {
    name: 'a dead letter that can not be kept holds its message back, which is given to the next one of the group',
    needs: 'durable',
    run: async (setting) => {
      const first = await setting.open();
      let tried = false;
      first.subscribe(ALL_EVENTS, () => Promise.reject(new Error('no')), { name: 'h' });
      first.deadLetters.add = () => {
        tried = true;
        return Promise.reject(new Error('the letters are full'));
      };
      await first.startConsuming();
      const events = busEvents(1);
      await first.publish(events);
      await setting.until(() => tried, 'keeping a dead letter was tried');
      assert.deepEqual(await first.stop({ deadlineMs: 0 }), { unfinished: 1 });
      const got = await nextBus(setting);
      await got.has(events);
      got.isExactly(events);
    },
  },
];
