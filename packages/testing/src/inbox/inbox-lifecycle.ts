import assert from 'node:assert/strict';
import { type Inbox, uuidV7 } from '@es/core';
import { lifecycleTraits, type Operation } from '../conformance/lifecycle-traits.ts';
import type { InboxCase } from './inbox-case.ts';

const operations: readonly Operation<Inbox<unknown>>[] = [
  { name: 'once', run: (store, options) => store.once(uuidV7(), 'mailer', () => undefined, options) },
  { name: 'forgetBefore', run: (store, options) => store.forgetBefore(new Date(), options) },
];

export const inboxLifecycle: readonly InboxCase[] = [
  ...lifecycleTraits<Inbox<unknown>, object>(operations),
  {
    name: 'closing twice does nothing more, and waits for the work in hand',
    run: async ({ store, notes }) => {
      const working = Array.from({ length: 12 }, () =>
        store.once(uuidV7(), 'mailer', (transaction) => notes.write(transaction, 'written')),
      );
      await Promise.all([store.close(), store.close()]);
      assert.equal((await notes.read()).length, 12);
      assert.deepEqual([...new Set(await Promise.all(working))], ['handled']);
    },
  },
  {
    name: 'an inbox that is opened later knows what was handled',
    needs: 'durable',
    run: async ({ store, open }) => {
      await store.once('e-1', 'mailer', () => undefined);
      await store.close();
      assert.equal(await (await open()).once('e-1', 'mailer', () => undefined), 'duplicate');
    },
  },
  {
    name: 'of deliveries to several connections at the same time the work of one is done',
    needs: 'multipleConnections',
    run: async ({ store, open, notes }) => {
      const inboxes = [store, await open(), await open()];
      for (let round = 0; round < 10; round += 1) {
        const id = uuidV7();
        const outcomes = await Promise.all(inboxes.map((inbox) => inbox.once(id, 'mailer', (transaction) => notes.write(transaction, id))));
        assert.deepEqual(outcomes.sort(), ['duplicate', 'duplicate', 'handled']);
        assert.equal((await notes.read()).filter((note) => note === id).length, 1);
      }
    },
  },
];
