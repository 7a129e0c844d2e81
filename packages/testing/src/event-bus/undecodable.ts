import assert from 'node:assert/strict';
import { ALL_EVENTS, type DeadLetter, type EventBus } from '@es/core';
import { Closed, Paid, PriceSet, PriceSetWithoutHistory } from '../event-store/sample-definitions.ts';
import type { EventBusCase } from './bus-case.ts';
import { busEvent, muchLater } from './bus-events.ts';

/** Waits for the one dead letter; a bus that tried again would not write it before the case has ended. */
async function theLetter(bus: EventBus, until: (holds: () => Promise<boolean>, what: string) => Promise<void>): Promise<DeadLetter> {
  await until(async () => (await bus.deadLetters.count()) > 0, 'there is a dead letter');
  const [letter, ...others] = await bus.deadLetters.list();
  assert.ok(letter !== undefined && others.length === 0);
  assert.deepEqual([letter.reason, letter.attempts, letter.handler], ['undecodable', 1, undefined]);
  return letter;
}

export const undecodable: readonly EventBusCase[] = [
  {
    name: 'a message of which no event can be made is a dead letter at once, as it came, and the next ones go on',
    needs: 'consumerGroups',
    run: async ({ open, received, until, publishRaw }) => {
      const [bus, got, events] = [await open({ retry: muchLater }), received(), [busEvent()]];
      bus.subscribe(ALL_EVENTS, got.handler, { name: 'h' });
      await bus.startConsuming();
      await publishRaw({ headers: { 'x-odd': 'yes' }, body: 'no event, and none of your business' });
      await bus.publish(events);
      await got.has(events);
      const letter = await theLetter(bus, until);
      assert.deepEqual(letter.content, { kind: 'raw', encoding: 'utf8', body: 'no event, and none of your business' });
      assert.equal(letter.headers['x-odd'], 'yes');
      assert.equal(letter.error.code, 'ES_UNDECODABLE_MESSAGE');
      assert.doesNotMatch(letter.error.message, /business/);
    },
  },
  {
    name: 'an event whose type the bus was not given is a dead letter at once',
    needs: 'consumerGroups',
    run: async ({ open, received, until }) => {
      const [bus, publisher, got] = [await open({ events: [Closed], retry: muchLater }), await open(), received()];
      bus.subscribe(ALL_EVENTS, got.handler, { name: 'h' });
      await bus.startConsuming();
      const [unknown, known] = [busEvent(), busEvent({ type: 'Closed', data: {} })];
      await publisher.publish([unknown, known]);
      await got.has([known]);
      const letter = await theLetter(bus, until);
      assert.deepEqual([letter.error.code, letter.content], ['ES_UNKNOWN_EVENT_TYPE', { kind: 'event', event: unknown }]);
    },
  },
  {
    name: 'an event whose data fails its schema is a dead letter at once, without a handler being called',
    needs: 'consumerGroups',
    run: async ({ open, received, until }) => {
      const [bus, publisher, got] = [await open({ retry: muchLater }), await open(), received()];
      bus.subscribe(Paid, got.handler, { name: 'h' });
      await bus.startConsuming();
      const [bad, good] = ['much', 5].map((amount) => busEvent({ type: 'Paid', data: { amount } }));
      await publisher.publish([bad, good].filter((event) => event !== undefined));
      await got.reaches(1);
      const letter = await theLetter(bus, until);
      assert.deepEqual([letter.error.code, letter.content], ['ES_INVALID_EVENT_DATA', { kind: 'event', event: bad }]);
      assert.deepEqual(got.events, [good]);
    },
  },
  {
    name: 'an event that can not be brought up to the handler’s version is a dead letter at once, and newer code can replay it',
    needs: 'consumerGroups',
    run: async ({ open, received, until }) => {
      const [bus, publisher, got] = [await open({ retry: muchLater }), await open(), received()];
      const subscription = bus.subscribe(PriceSetWithoutHistory, got.handler, { name: 'old code' });
      await bus.startConsuming();
      await publisher.publish([busEvent({ type: 'PriceSet', data: { price: '3.50' } })]);
      const letter = await theLetter(bus, until);
      assert.equal(letter.error.code, 'ES_UPCAST');
      subscription.unsubscribe();
      await bus.stop();
      const newer = await open();
      newer.subscribe(PriceSet, got.handler, { name: 'newer code' });
      await newer.startConsuming();
      if ((await newer.deadLetters.get(letter.id)) === undefined) await newer.deadLetters.add(letter);
      assert.deepEqual(await newer.replayDeadLetter(letter.id), { status: 'handled' });
      assert.deepEqual(
        got.events.map(({ data }) => data),
        [{ amount: 3.5, currency: 'EUR' }],
      );
    },
  },
];
