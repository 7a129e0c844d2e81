import assert from 'node:assert/strict';
import { ALL_EVENTS, type DomainEvent } from '@es/core';
import type { EventBusCase } from './bus-case.ts';
import { busEvents, gate, interleavedEvents, muchLater, turn } from './bus-events.ts';

export const ordering: readonly EventBusCase[] = [
  {
    name: 'events of one aggregate are handled in the order in which they were published, alone or in batches',
    run: async ({ open, received }) => {
      const [bus, got, events] = [await open(), received(), busEvents(30)];
      bus.subscribe(ALL_EVENTS, got.handler, { name: 'h' });
      await bus.startConsuming();
      for (const event of events.slice(0, 10)) await bus.publish([event]);
      await bus.publish(events.slice(10));
      await got.reaches(30);
      await bus.stop();
      got.isExactly(events);
    },
  },
  {
    name: 'events of one aggregate are never handled at the same time, and none overtakes one that is tried again',
    run: async ({ open, received }) => {
      const [bus, got, events] = [await open({ concurrency: 4 }), received(), interleavedEvents(3, 8)];
      const busy = new Set<string>();
      const clashes: string[] = [];
      bus.subscribe(
        ALL_EVENTS,
        async (event, { attempt }) => {
          if (busy.has(event.aggregateId)) clashes.push(event.id);
          busy.add(event.aggregateId);
          await turn();
          busy.delete(event.aggregateId);
          if (attempt < 3 && event.version % 2 === 1) throw new Error('not yet');
          got.handler(event);
        },
        { name: 'h' },
      );
      await bus.startConsuming();
      await bus.publish(events);
      await got.has(events);
      await bus.stop();
      assert.deepEqual(clashes, []);
      got.isExactly(events);
    },
  },
  {
    name: 'while an event waits to be tried again, those of its aggregate wait and those of others go on',
    run: async ({ open, received, until }) => {
      const [bus, got] = [await open({ concurrency: 1, retry: muchLater }), received()];
      const [failing, others] = [busEvents(3), interleavedEvents(5, 4)];
      let failures = 0;
      bus.subscribe(
        ALL_EVENTS,
        (event) => {
          if (event.id === failing[0]?.id) {
            failures += 1;
            throw new Error('later');
          }
          got.handler(event);
        },
        { name: 'h' },
      );
      await bus.startConsuming();
      await bus.publish(failing);
      await until(() => failures === 1, 'the handler has failed');
      await bus.publish(others);
      await got.has(others);
      assert.deepEqual(got.numbers(failing[0]?.aggregateId), []);
      await bus.stop({ deadlineMs: 0 });
    },
  },
  {
    name: 'while a handler is slow about one event, those of other aggregates go on',
    run: async ({ open, received }) => {
      const [bus, got, release] = [await open({ concurrency: 2 }), received(), gate()];
      const [slow, others] = [busEvents(2), interleavedEvents(5, 4)];
      bus.subscribe(
        ALL_EVENTS,
        async (event) => {
          if (event.id === slow[0]?.id) await release.opened;
          got.handler(event);
        },
        { name: 'h' },
      );
      await bus.startConsuming();
      await bus.publish([...slow, ...others]);
      await got.has(others);
      assert.deepEqual(got.numbers(slow[0]?.aggregateId), []);
      release.open();
      await got.has(slow);
      await bus.stop();
      got.isExactly([...slow, ...others]);
    },
  },
  {
    name: 'as many events are handled at the same time as the option says, and no more',
    run: async ({ open, received, until }) => {
      const [bus, got, release, events] = [await open({ concurrency: 3 }), received(), gate(), interleavedEvents(8, 1)];
      let running = 0;
      let most = 0;
      const handler = async (event: DomainEvent): Promise<void> => {
        running += 1;
        most = Math.max(most, running);
        await release.opened;
        await turn();
        running -= 1;
        got.handler(event);
      };
      bus.subscribe(ALL_EVENTS, handler, { name: 'h' });
      await bus.startConsuming();
      await bus.publish(events);
      await until(() => running === 3, 'three handlers run at the same time');
      release.open();
      await got.has(events);
      assert.equal(most, 3);
    },
  },
];
