import assert from 'node:assert/strict';
import { ALL_EVENTS, type HandlerContext } from '@es/core';
import type { EventBusCase } from './bus-case.ts';
import { busEvent, busEvents, turn } from './bus-events.ts';

export const retries: readonly EventBusCase[] = [
  {
    name: 'a handler that fails is called again, without those that succeeded',
    run: async ({ open, received }) => {
      const [bus, good, bad] = [await open(), received(), received()];
      const contexts: Omit<HandlerContext, 'signal'>[] = [];
      bus.subscribe(ALL_EVENTS, good.handler, { name: 'good' });
      bus.subscribe(
        ALL_EVENTS,
        async (event, { handler, attempt }) => {
          contexts.push({ handler, attempt });
          await turn();
          if (attempt < 3) throw new Error('again');
          bad.handler(event);
        },
        { name: 'bad' },
      );
      await bus.startConsuming();
      await bus.publish([busEvent()]);
      await bad.reaches(1);
      assert.equal(await bus.deadLetters.count(), 0);
      await bus.stop();
      assert.deepEqual(
        contexts,
        [1, 2, 3].map((attempt) => ({ handler: 'bad', attempt })),
      );
      assert.equal(good.events.length, 1);
    },
  },
  {
    name: 'an event whose handler fails at the last attempt is kept as a dead letter that says what happened, and the next ones go on',
    run: async ({ open, received, destination }) => {
      const [bus, got] = [await open(), received()];
      const [before, bad, after] = busEvents(3);
      bus.subscribe(
        ALL_EVENTS,
        (event) => {
          if (event.id === bad?.id) throw Object.assign(new Error('no at https://user:secret@host/'), { code: 'E_NO' });
          got.handler(event);
        },
        { name: 'mailer' },
      );
      await bus.startConsuming();
      await bus.publish(busEventsOf(before, bad, after));
      await got.reaches(2);
      assert.deepEqual(got.numbers(), [1, 3]);
      const [letter, ...others] = await bus.deadLetters.list();
      assert.equal(others.length, 0);
      assert.ok(letter !== undefined);
      const { handler, reason, error, attempts, content, destination: published, firstFailedAt, lastFailedAt } = letter;
      assert.deepEqual(
        { handler, reason, error, attempts, content, published },
        {
          handler: 'mailer',
          reason: 'handler-failed',
          error: { name: 'Error', code: 'E_NO', message: 'no at https://user:***@host/' },
          attempts: 3,
          content: { kind: 'event', event: bad },
          published: destination,
        },
      );
      assert.match(firstFailedAt, /^\d{4}-\d\d-\d\dT.*Z$/);
      assert.equal(lastFailedAt, firstFailedAt);
    },
  },
  {
    name: 'each handler that fails leaves a dead letter of its own',
    run: async ({ open, until }) => {
      const bus = await open();
      for (const name of ['one', 'other']) bus.subscribe(ALL_EVENTS, () => Promise.reject(new Error(name)), { name });
      bus.subscribe(ALL_EVENTS, () => undefined, { name: 'good' });
      await bus.startConsuming();
      await bus.publish([busEvent()]);
      await until(async () => (await bus.deadLetters.count()) === 2, 'there are two dead letters');
      const letters = await bus.deadLetters.list();
      assert.deepEqual(letters.map(({ handler, error }) => `${handler}: ${error.message}`).sort(), ['one: one', 'other: other']);
    },
  },
  {
    name: 'a poison event among 1,000 good ones is the one dead letter',
    run: async ({ open, received }) => {
      const [bus, got, events] = [await open(), received(), busEvents(1_001)];
      const poison = events[500];
      bus.subscribe(
        ALL_EVENTS,
        (event) => {
          if (event.id === poison?.id) throw new Error('poison');
          got.handler(event);
        },
        { name: 'h' },
      );
      await bus.startConsuming();
      await bus.publish(events);
      const good = events.filter((event) => event !== poison);
      await got.has(good);
      const letters = await bus.deadLetters.list();
      assert.deepEqual(
        letters.map(({ content }) => content.kind === 'event' && content.event.id),
        [poison?.id],
      );
      await bus.stop();
      got.isExactly(good);
    },
  },
];

function busEventsOf<T>(...events: readonly (T | undefined)[]): T[] {
  return events.filter((event) => event !== undefined);
}
