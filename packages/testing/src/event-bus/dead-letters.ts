import assert from 'node:assert/strict';
import { ALL_EVENTS, type BrokerEventBusOptions, type DeadLetter, type DomainEvent, type EventBus } from '@es/core';
import { rejectsWith } from '../conformance/expectations.ts';
import type { EventBusCase, EventBusSetting } from './bus-case.ts';
import { busEvents } from './bus-events.ts';
import type { Received } from './received.ts';

interface Broken {
  readonly bus: EventBus;
  readonly events: readonly DomainEvent[];
  readonly letters: readonly DeadLetter[];
  /** Has the handler work from now on. */
  readonly repair: () => void;
  /** What it handled since. */
  readonly handled: Received;
}

/** A bus with a dead letter for each of some events of one aggregate. */
async function broken({ open, received, until }: EventBusSetting, count: number, options?: BrokerEventBusOptions): Promise<Broken> {
  const [bus, handled, events] = [await open(options), received(), busEvents(count)];
  let works = false;
  bus.subscribe(
    ALL_EVENTS,
    (event) => {
      if (!works) throw new Error('broken');
      handled.handler(event);
    },
    { name: 'h' },
  );
  await bus.startConsuming();
  await bus.publish(events);
  await until(async () => (await bus.deadLetters.count()) === count, `there are ${count} dead letters`);
  const letters = await bus.deadLetters.list();
  const repair = (): void => {
    works = true;
  };
  return { bus, events, letters, repair, handled };
}

function eventIds(letters: readonly DeadLetter[]): (string | false)[] {
  return letters.map(({ content }) => content.kind === 'event' && content.event.id);
}

export const deadLetters: readonly EventBusCase[] = [
  {
    name: 'dead letters can be counted, listed page by page from the oldest, and looked at one by one',
    run: async (setting) => {
      const { bus, events, letters } = await broken(setting, 5);
      assert.deepEqual(
        eventIds(letters),
        events.map(({ id }) => id),
      );
      const first = await bus.deadLetters.list({ limit: 2 });
      const rest = await bus.deadLetters.list({ after: first[1]?.id ?? '' });
      assert.deepEqual([...first, ...rest], letters);
      const [, , third] = letters;
      assert.deepEqual(await bus.deadLetters.get(third?.id ?? ''), third);
      const source = third?.source ?? '';
      assert.deepEqual([await bus.deadLetters.count({ source }), await bus.deadLetters.count({ source: 'another' })], [5, 0]);
      assert.deepEqual([await bus.deadLetters.count({ handler: 'h' }), await bus.deadLetters.count({ handler: 'other' })], [5, 0]);
    },
  },
  {
    name: 'any dead letter can be replayed, not only the oldest: its handler is called, then it is removed',
    run: async (setting) => {
      const { bus, events, letters, repair, handled } = await broken(setting, 3);
      const other = setting.received();
      bus.subscribe(ALL_EVENTS, other.handler, { name: 'other' });
      repair();
      assert.deepEqual(await bus.replayDeadLetter(letters[1]?.id ?? ''), { status: 'handled' });
      assert.deepEqual(handled.events, [events[1]]);
      assert.deepEqual(other.events, []);
      assert.deepEqual(eventIds(await bus.deadLetters.list()), [events[0]?.id, events[2]?.id]);
      assert.deepEqual(await bus.replayDeadLetter(letters[1]?.id ?? ''), { status: 'not-found' });
    },
  },
  {
    name: 'a replay that fails keeps the letter, with its attempts added up',
    run: async (setting) => {
      const { bus, letters } = await broken(setting, 2);
      const [letter] = letters;
      const outcome = await bus.replayDeadLetter(letter?.id ?? '');
      const kept = await bus.deadLetters.list();
      assert.deepEqual(outcome, { status: 'failed', letters: [kept[0]] });
      assert.deepEqual(
        kept.map(({ id, attempts, firstFailedAt }) => [id, attempts, firstFailedAt]),
        letters.map(({ id, firstFailedAt }, index) => [id, index === 0 ? 6 : 3, firstFailedAt]),
      );
    },
  },
  {
    name: 'all dead letters can be replayed, oldest first; those that fail again are kept',
    run: async (setting) => {
      const { bus, events, repair, handled } = await broken(setting, 4);
      assert.deepEqual(await bus.replayDeadLetters(), { handled: 0, failed: 4, noHandler: 0 });
      repair();
      assert.deepEqual(await bus.replayDeadLetters({ handler: 'another' }), { handled: 0, failed: 0, noHandler: 0 });
      assert.deepEqual(await bus.replayDeadLetters({ handler: 'h' }), { handled: 4, failed: 0, noHandler: 0 });
      assert.deepEqual(handled.events, events);
      assert.equal(await bus.deadLetters.count(), 0);
    },
  },
  {
    name: 'a replay that is interrupted has removed exactly what was handled',
    run: async (setting) => {
      const { bus, events, letters, repair, handled } = await broken(setting, 4);
      repair();
      const interrupt = new AbortController();
      bus.subscribe(ALL_EVENTS, () => interrupt.abort(), { name: 'interrupter' });
      await bus.deadLetters.add({ ...(letters[2] as DeadLetter), handler: 'interrupter' });
      await rejectsWith('ES_ABORTED', bus.replayDeadLetters({ signal: interrupt.signal }));
      assert.deepEqual(handled.events, events.slice(0, 2));
      assert.deepEqual(eventIds(await bus.deadLetters.list()), [events[3]?.id]);
    },
  },
  {
    name: 'a letter whose handler is not subscribed is kept',
    run: async (setting) => {
      const { bus, letters } = await broken(setting, 1);
      await bus.deadLetters.add({ ...(letters[0] as DeadLetter), handler: 'gone' });
      assert.deepEqual(await bus.replayDeadLetters(), { handled: 0, failed: 0, noHandler: 1 });
      assert.equal(await bus.deadLetters.count(), 1);
    },
  },
  {
    name: 'dead letters can be purged',
    run: async (setting) => {
      const { bus, letters } = await broken(setting, 3);
      assert.equal(await bus.deadLetters.purge({ handler: 'another' }), 0);
      assert.equal(await bus.deadLetters.purge({ source: letters[0]?.source ?? '', handler: 'h' }), 3);
      assert.deepEqual(await bus.deadLetters.list(), []);
    },
  },
  {
    name: 'dead letters outlive the bus that wrote them, and another one of its group replays them',
    needs: 'durable',
    run: async (setting) => {
      const { bus, events, letters } = await broken(setting, 2);
      await bus.stop();
      const [later, got] = [await setting.open(), setting.received()];
      later.subscribe(ALL_EVENTS, got.handler, { name: 'h' });
      await later.startConsuming();
      assert.deepEqual(await later.deadLetters.list(), letters);
      assert.deepEqual(await later.replayDeadLetters(), { handled: 2, failed: 0, noHandler: 0 });
      assert.deepEqual(got.events, events);
    },
  },
  {
    name: 'dead letters of another consumer group are left alone by a replay',
    run: async (setting) => {
      const { letters } = await broken(setting, 1);
      const other = await setting.open({ consumerGroup: 'others' });
      other.subscribe(ALL_EVENTS, () => undefined, { name: 'h' });
      await other.startConsuming();
      assert.deepEqual(await other.replayDeadLetters(), { handled: 0, failed: 0, noHandler: 0 });
      assert.deepEqual(await other.replayDeadLetter(letters[0]?.id ?? ''), { status: 'not-found' });
    },
  },
];
