import assert from 'node:assert/strict';
import { type EventHandler, uuidV7 } from '@es/core';
import { rejectsWith } from '../conformance/expectations.ts';
import type { InboxCase } from './inbox-case.ts';

export const handling: readonly InboxCase[] = [
  {
    name: 'does the work for an event once, and says so when the event comes again',
    run: async ({ store, notes }) => {
      const [id, other] = [uuidV7(), uuidV7()];
      const outcomes: string[] = [];
      for (const event of [id, id, other, id]) {
        outcomes.push(await store.once(event, 'mailer', (transaction) => notes.write(transaction, event)));
      }
      assert.deepEqual(outcomes, ['handled', 'duplicate', 'handled', 'duplicate']);
      assert.deepEqual([...(await notes.read())].sort(), [id, other].sort());
    },
  },
  {
    name: 'keeps handlers apart, whatever their names and the ids of events',
    run: async ({ store }) => {
      const names = ['a', 'A', 'a ', 'aa', 'ab', 'b', '%', "'; DROP TABLE inbox; --", 'größe', '😀', '__proto__', 'x'.repeat(200)];
      for (const handler of names) {
        for (const id of names) assert.equal(await store.once(id, handler, () => undefined), 'handled', `${id} by ${handler}`);
      }
      assert.equal(await store.once('b', 'a', () => undefined), 'duplicate');
    },
  },
  {
    name: 'leaves nothing behind of work that fails, neither its writes nor the record; the error is the work’s own',
    run: async ({ store, notes }) => {
      const id = uuidV7();
      const error = new Error('no stamps');
      const failing = store.once(id, 'mailer', (transaction) => {
        const written = notes.write(transaction, 'undone');
        const fail = (): never => {
          throw error;
        };
        return written instanceof Promise ? written.then(fail) : fail();
      });
      await assert.rejects(failing, (thrown) => thrown === error);
      assert.deepEqual(await notes.read(), []);
      assert.equal(await store.once(id, 'mailer', (transaction) => notes.write(transaction, 'written')), 'handled');
      assert.deepEqual(await notes.read(), ['written']);
    },
  },
  {
    name: 'of many deliveries of one event at the same time does the work of one',
    run: async ({ store, notes }) => {
      const id = uuidV7();
      const deliver = (index: number): Promise<string> =>
        store.once(id, 'mailer', (transaction) => notes.write(transaction, String(index)));
      const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => deliver(index)));
      assert.deepEqual(outcomes.sort(), [...Array.from({ length: 7 }, () => 'duplicate'), 'handled']);
      assert.equal((await notes.read()).length, 1);
    },
  },
  {
    name: 'of two deliveries at the same time of which one fails does the work of the other',
    run: async ({ store, notes }) => {
      const id = uuidV7();
      const outcomes = await Promise.allSettled([
        store.once(id, 'mailer', () => {
          throw new Error('no stamps');
        }),
        store.once(id, 'mailer', (transaction) => notes.write(transaction, 'second')),
      ]);
      const [failing, succeeding] = outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed'));
      assert.equal(succeeding, 'handled');
      // The one that fails may come second.
      assert.ok(failing === 'failed' || failing === 'duplicate', `outcome of the one that fails: ${failing}`);
      assert.deepEqual(await notes.read(), ['second']);
    },
  },
  {
    name: 'handles different events at the same time, each failing by itself',
    run: async ({ store, notes }) => {
      const deliver = (index: number): Promise<unknown> =>
        store.once(uuidV7(), 'mailer', (transaction) => {
          if (index % 3 === 0) throw new Error('no stamps');
          return notes.write(transaction, String(index));
        });
      const outcomes = await Promise.allSettled(Array.from({ length: 9 }, (_, index) => deliver(index)));
      assert.deepEqual(
        outcomes.map(({ status }) => status === 'fulfilled'),
        Array.from({ length: 9 }, (_, index) => index % 3 !== 0),
      );
      assert.deepEqual([...(await notes.read())].sort(), ['1', '2', '4', '5', '7', '8']);
    },
  },
  {
    name: 'makes handlers for a bus, with a name, that handle each event once',
    run: async ({ store, notes }) => {
      const handler: EventHandler = store.handler('mailer', ({ id }, { transaction, handler: name, attempt }) =>
        notes.write(transaction, `${id} ${name} ${attempt}`),
      );
      assert.equal(handler.name, 'mailer');
      const [event] = [{ id: uuidV7() }] as unknown as Parameters<EventHandler>[0][];
      assert.ok(event !== undefined);
      const context = { handler: 'mailer', attempt: 3, signal: new AbortController().signal };
      assert.deepEqual([await handler(event, context), await handler(event, context)], ['handled', 'duplicate']);
      assert.deepEqual(await notes.read(), [`${event.id} mailer 3`]);
      await rejectsWith('ES_ABORTED', Promise.resolve(handler(event, { ...context, signal: AbortSignal.abort() })));
    },
  },
  {
    name: 'refuses events and handlers without a name, and work that is no function',
    run: async ({ store }) => {
      const work = (): undefined => undefined;
      for (const name of ['', 'a\u0000b', 'half \ud83d', undefined as unknown as string]) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.once(name, 'mailer', work));
        await rejectsWith('ES_INVALID_ARGUMENT', store.once('e-1', name, work));
      }
      await rejectsWith('ES_INVALID_ARGUMENT', store.once('e-1', 'mailer', undefined as unknown as () => undefined));
      assert.equal(await store.once('e-1', 'mailer', work), 'handled');
    },
  },
];
