import assert from 'node:assert/strict';
import type { DeadLetter, DeadLetterStore } from '@es/core';
import { rejectsWith } from '../conformance/expectations.ts';
import type { DeadLetterStoreCase } from './dead-letter-store-case.ts';
import { aLetter, idsOf } from './sample-letters.ts';

/** Letters with ids that are easy to read, added in no order. */
async function addLetters(store: DeadLetterStore, ids: string, more: Partial<DeadLetter> = {}): Promise<void> {
  for (const id of ids) await store.add(aLetter({ id, ...more }));
}

export const listing: readonly DeadLetterStoreCase[] = [
  {
    name: 'lists by id, oldest first, in whatever order the letters came',
    run: async ({ store }) => {
      await addLetters(store, 'bead');
      await addLetters(store, 'fc', { handler: 'mail' });
      assert.equal(idsOf(await store.list()).join(''), 'abcdef');
    },
  },
  {
    name: 'lists in pages, each behind the last id of the one before',
    run: async ({ store }) => {
      await addLetters(store, 'gfedcba');
      const pages: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = idsOf(await store.list({ limit: 3, ...(after === undefined ? {} : { after }) }));
        if (page.length === 0) break;
        pages.push(page.join(''));
        after = page.at(-1);
      }
      assert.deepEqual(pages, ['abc', 'def', 'g']);
    },
  },
  {
    name: 'goes on behind a letter that is gone, and sees what came behind it',
    run: async ({ store }) => {
      await addLetters(store, 'abd');
      await store.remove('b');
      await addLetters(store, 'c');
      assert.deepEqual(idsOf(await store.list({ after: 'b' })), ['c', 'd']);
      assert.deepEqual(idsOf(await store.list({ after: 'bb', limit: 1 })), ['c']);
      assert.deepEqual(await store.list({ after: 'd' }), []);
    },
  },
  {
    name: 'lists 100 letters where no limit is given',
    run: async ({ store }) => {
      for (let index = 0; index < 101; index += 1) await store.add(aLetter());
      assert.deepEqual([(await store.list()).length, (await store.list({ limit: 200 })).length], [100, 101]);
    },
  },
  {
    name: 'refuses a limit that is not a whole number from 1',
    run: async ({ store }) => {
      for (const limit of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.list({ limit }));
      }
    },
  },
  {
    name: 'lists and counts by source and by handler; a page is full of what matches',
    run: async ({ store }) => {
      await addLetters(store, 'afk');
      await addLetters(store, 'bgl', { handler: 'mail' });
      await addLetters(store, 'chm', { handler: 'archive' });
      await addLetters(store, 'din', { source: 'invoices', handler: 'mail' });
      const found = async (filter: { source?: string; handler?: string }): Promise<[string, number]> => [
        idsOf(await store.list(filter)).join(''),
        await store.count(filter),
      ];
      assert.deepEqual(await found({}), ['abcdfghiklmn', 12]);
      assert.deepEqual(await found({ source: 'orders' }), ['abcfghklm', 9]);
      assert.deepEqual(await found({ handler: 'mail' }), ['bdgiln', 6]);
      assert.deepEqual(await found({ source: 'orders', handler: 'mail' }), ['bgl', 3]);
      assert.deepEqual(await found({ source: 'payments' }), ['', 0]);
      assert.deepEqual(idsOf(await store.list({ source: 'invoices', handler: 'mail', after: 'd', limit: 2 })), ['i', 'n']);
    },
  },
  {
    name: 'takes sources and handlers by their exact names',
    run: async ({ store }) => {
      const names = ['a', 'A', 'a ', '%', '_', '*', "'; DROP TABLE dead_letters; --", 'größe', '😀', '__proto__'];
      for (const name of names) await store.add(aLetter({ source: name, handler: name }));
      for (const name of names) {
        assert.deepEqual([await store.count({ source: name }), await store.count({ handler: name })], [1, 1], name);
      }
    },
  },
];

export const purging: readonly DeadLetterStoreCase[] = [
  {
    name: 'purges the letters that match, no other, and says how many there were',
    run: async ({ store }) => {
      await addLetters(store, 'ac');
      await addLetters(store, 'bd', { handler: 'mail' });
      await addLetters(store, 'e', { source: 'invoices', handler: 'mail' });
      assert.equal(await store.purge({ source: 'orders', handler: 'mail' }), 2);
      assert.deepEqual(idsOf(await store.list()), ['a', 'c', 'e']);
      assert.equal(await store.purge({ source: 'payments' }), 0);
      assert.equal(await store.purge({ handler: 'mail' }), 1);
      assert.deepEqual(idsOf(await store.list()), ['a', 'c']);
    },
  },
  {
    name: 'purges everything where no filter is given, more than a page of it',
    run: async ({ store }) => {
      for (let index = 0; index < 120; index += 1) await store.add(aLetter({ source: `source ${index % 3}` }));
      assert.deepEqual([await store.purge(), await store.purge(), await store.count()], [120, 0, 0]);
    },
  },
];
