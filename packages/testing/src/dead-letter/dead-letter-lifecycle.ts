import assert from 'node:assert/strict';
import type { DeadLetterStore } from '@es/core';
import { lifecycleTraits, type Operation } from '../conformance/lifecycle-traits.ts';
import type { DeadLetterStoreCase } from './dead-letter-store-case.ts';
import { aLetter, aLetterOfEvent, idsOf } from './sample-letters.ts';

const operations: readonly Operation<DeadLetterStore>[] = [
  { name: 'add', run: (store, options) => store.add(aLetter(), options) },
  { name: 'list', run: (store, options) => store.list(options) },
  { name: 'count', run: (store, options) => store.count(options) },
  { name: 'get', run: (store, options) => store.get('a', options) },
  { name: 'remove', run: (store, options) => store.remove('a', options) },
  { name: 'purge', run: (store, options) => store.purge(options) },
];

export const deadLetterLifecycle: readonly DeadLetterStoreCase[] = [
  ...lifecycleTraits<DeadLetterStore, object>(operations),
  {
    name: 'closing twice does nothing more',
    run: async ({ store }) => {
      await Promise.all([store.close(), store.close()]);
    },
  },
  {
    name: 'a store that is opened later has every letter',
    needs: 'durable',
    run: async ({ store, open }) => {
      const letters = [aLetterOfEvent(), aLetter()];
      for (const letter of letters) await store.add(letter);
      await store.close();
      assert.deepEqual(await (await open()).list(), letters);
    },
  },
  {
    name: 'what one connection does the others see at once',
    needs: 'multipleConnections',
    run: async ({ store, open }) => {
      const other = await open();
      const [first, second] = [aLetter(), aLetter()];
      await store.add(first);
      await other.add(second);
      assert.deepEqual([idsOf(await store.list()), await other.count()], [[first.id, second.id], 2]);
      assert.deepEqual([await other.remove(first.id), await store.remove(first.id)], [true, false]);
      assert.deepEqual([await other.purge(), await store.purge()], [1, 0]);
    },
  },
];
