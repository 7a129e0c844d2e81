import assert from 'node:assert/strict';
import { ALL_EVENTS, type EventBus, type OperationOptions } from '@es/core';
import { rejectsWith } from '../conformance/expectations.ts';
import type { EventBusCase } from './bus-case.ts';
import { busEvent, busEvents, gate, interleavedEvents, turn, untilAborted } from './bus-events.ts';

interface BusOperation {
  readonly name: string;
  readonly run: (bus: EventBus, options?: OperationOptions) => Promise<unknown>;
}

const operations: readonly BusOperation[] = [
  { name: 'publish', run: (bus, options) => bus.publish([busEvent()], options) },
  { name: 'an empty publish', run: (bus, options) => bus.publish([], options) },
  { name: 'startConsuming', run: (bus, options) => bus.startConsuming(options) },
  { name: 'replayDeadLetter', run: (bus, options) => bus.replayDeadLetter('x', options) },
  { name: 'replayDeadLetters', run: (bus, options) => bus.replayDeadLetters(options) },
];

const traits: readonly EventBusCase[] = operations.flatMap<EventBusCase>(({ name, run }) => [
  {
    name: `${name} fails with an AbortedError when its signal is aborted, with the reason as cause`,
    run: async ({ open }) => {
      const bus = await open();
      const reason = new Error('no longer needed');
      const error = await rejectsWith('ES_ABORTED', run(bus, { signal: AbortSignal.abort(reason) }));
      assert.deepEqual([(error as Error).name, (error as Error).cause], ['AbortError', reason]);
    },
  },
  {
    name: `${name} fails with a ClosedError after stop and after disposal, and while stopping`,
    run: async ({ open }) => {
      const bus = await open();
      const stopping = bus.stop();
      await rejectsWith('ES_CLOSED', run(bus));
      await stopping;
      await rejectsWith('ES_CLOSED', run(bus));
      const disposed = await open();
      await disposed[Symbol.asyncDispose]();
      await rejectsWith('ES_CLOSED', run(disposed));
    },
  },
]);

export const stopping: readonly EventBusCase[] = [
  ...traits,
  {
    name: 'subscribe fails with a ClosedError after stop',
    run: async ({ open }) => {
      const bus = await open();
      await bus.stop();
      assert.throws(() => bus.subscribe(ALL_EVENTS, () => undefined), { code: 'ES_CLOSED' });
    },
  },
  {
    name: 'stop finishes what is in hand, with its retries',
    run: async ({ open, received, until }) => {
      const [bus, got, release, events] = [await open(), received(), gate(), interleavedEvents(3, 1)];
      let started = 0;
      bus.subscribe(
        ALL_EVENTS,
        async (event, { attempt, signal }) => {
          started += 1;
          await release.opened;
          if (attempt === 1) throw new Error('again');
          assert.equal(signal.aborted, false);
          got.handler(event);
        },
        { name: 'h' },
      );
      await bus.startConsuming();
      await bus.publish(events);
      await until(() => started === 3, 'three handlers are at work');
      const stop = bus.stop();
      release.open();
      assert.deepEqual(await stop, { unfinished: 0 });
      got.isExactly(events);
    },
  },
  {
    name: 'stop at its deadline tells the handlers, reports what is not done, and makes no dead letter of it',
    run: async ({ open, until }) => {
      const bus = await open();
      let [started, cutOff] = [0, 0];
      bus.subscribe(
        ALL_EVENTS,
        (_event, { signal }) => {
          started += 1;
          return untilAborted(signal).finally(() => {
            cutOff += 1;
          });
        },
        { name: 'h' },
      );
      await bus.startConsuming();
      await bus.publish(interleavedEvents(2, 1));
      await until(() => started === 2, 'two handlers are at work');
      const letters = await bus.deadLetters.count();
      assert.deepEqual(await bus.stop({ deadlineMs: 0 }), { unfinished: 2 });
      await until(() => cutOff === 2, 'both handlers have been told');
      assert.equal(letters, 0);
    },
  },
  {
    name: 'stop happens once, however often it is asked for, and also of a bus that did nothing',
    run: async ({ open }) => {
      const [idle, fresh] = [await open(), await open()];
      idle.subscribe(ALL_EVENTS, () => undefined, { name: 'h' });
      await idle.startConsuming();
      assert.deepEqual(await Promise.all([idle.stop(), idle.stop({ deadlineMs: 0 })]), [{ unfinished: 0 }, { unfinished: 0 }]);
      assert.deepEqual(await idle.stop(), { unfinished: 0 });
      assert.deepEqual(await fresh.stop(), { unfinished: 0 });
    },
  },
  {
    name: 'stop of an idle bus does not wait for its deadline',
    run: async ({ open, until, received }) => {
      const [bus, got] = [await open(), received()];
      bus.subscribe(ALL_EVENTS, got.handler, { name: 'h' });
      await bus.startConsuming();
      await bus.publish(busEvents(1));
      await got.reaches(1);
      let hasStopped = false;
      const stop = bus.stop({ deadlineMs: 600_000 }).then(() => {
        hasStopped = true;
      });
      await until(() => hasStopped, 'the bus has stopped');
      await stop;
    },
  },
  {
    name: 'stop refuses a deadline that is none, and the bus goes on',
    run: async ({ open }) => {
      const bus = await open();
      for (const deadlineMs of [-1, Number.NaN]) await rejectsWith('ES_INVALID_ARGUMENT', bus.stop({ deadlineMs }));
      await bus.publish([]);
    },
  },
  {
    name: 'while the bus stops, handlers in hand can publish, and nobody else',
    run: async ({ open, until }) => {
      const [bus, release] = [await open(), gate()];
      let published = 0;
      bus.subscribe(
        'Happened',
        async () => {
          published += 1;
          await release.opened;
          await bus.publish([busEvent({ type: 'Followed' })]);
          published += 1;
        },
        { name: 'publisher' },
      );
      await bus.startConsuming();
      await bus.publish([busEvent()]);
      await until(() => published === 1, 'the handler is at work');
      const stop = bus.stop();
      await rejectsWith('ES_CLOSED', bus.publish([busEvent()]));
      release.open();
      await stop;
      assert.equal(published, 2);
    },
  },
  {
    name: 'after stop no handler is called any more',
    run: async ({ open, received }) => {
      const [bus, got, events] = [await open({ concurrency: 1 }), received(), busEvents(50)];
      bus.subscribe(
        ALL_EVENTS,
        async (event) => {
          await turn();
          got.handler(event);
        },
        { name: 'h' },
      );
      await bus.startConsuming();
      await bus.publish(events);
      await got.reaches(1);
      await bus.stop();
      const { length } = got.events;
      for (let i = 0; i < 20; i += 1) await turn();
      assert.equal(got.events.length, length);
    },
  },
];
