import assert from 'node:assert/strict';
import { rejectsWith } from '../conformance/expectations.ts';
import type { DeadLetterStoreCase } from './dead-letter-store-case.ts';
import { aLetter, aLetterOfEvent } from './sample-letters.ts';

export const keeping: readonly DeadLetterStoreCase[] = [
  {
    name: 'gives back letters exactly as they were, of events and of what no event could be made of',
    run: async ({ store }) => {
      const letters = [
        aLetterOfEvent(),
        aLetter({ content: { kind: 'raw', encoding: 'utf8', body: 'zero \u0000, half \ud83d, "quoted" \\u0041' } }),
        aLetter({ content: { kind: 'raw', encoding: 'base64', body: '/wA=' }, headers: {} }),
      ];
      for (const letter of letters) await store.add(letter);
      for (const letter of letters) assert.deepEqual(await store.get(letter.id), letter);
      assert.deepEqual(await store.list(), letters);
    },
  },
  {
    name: 'keeps a copy: what is done to a letter afterwards does not change it',
    run: async ({ store }) => {
      const headers: Record<string, string> = { a: '1' };
      const letter = aLetter({ headers });
      await store.add(letter);
      headers['a'] = '2';
      assert.deepEqual((await store.get(letter.id))?.headers, { a: '1' });
    },
  },
  {
    name: 'puts a letter in the place of the one with the same id, in every list',
    run: async ({ store }) => {
      const first = aLetter({ handler: 'mail' });
      await store.add(first);
      const second = { ...first, source: 'invoices', attempts: 2 };
      await store.add(second);
      assert.deepEqual([await store.get(first.id), await store.count()], [second, 1]);
      assert.deepEqual([await store.list({ source: 'orders' }), await store.list({ source: 'invoices' })], [[], [second]]);
      const { handler: _, ...third } = second;
      await store.add(third);
      assert.deepEqual([await store.list({ handler: 'mail' }), await store.list()], [[], [third]]);
    },
  },
  {
    name: 'finds no letter that is not there',
    run: async ({ store }) => {
      await store.add(aLetter());
      assert.deepEqual([await store.get('nowhere'), await store.remove('nowhere'), await store.count()], [undefined, false, 1]);
    },
  },
  {
    name: 'removes a letter once, and no other',
    run: async ({ store }) => {
      const [letter, other] = [aLetter(), aLetter()];
      await store.add(letter);
      await store.add(other);
      const removed = await Promise.all([store.remove(letter.id), store.remove(letter.id)]);
      assert.deepEqual(removed.sort(), [false, true]);
      assert.deepEqual([await store.get(letter.id), await store.list()], [undefined, [other]]);
    },
  },
  {
    name: 'refuses a letter without an id or a source, and one that JSON can’t hold',
    run: async ({ store }) => {
      for (const letter of [
        aLetter({ id: '' }),
        aLetter({ source: '' }),
        aLetter({ id: 'a\u0000b' }),
        aLetter({ source: 'half \ud83d' }),
        aLetter({ handler: '' }),
        aLetter({ attempts: Number.NaN }),
      ]) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.add(letter));
      }
      assert.equal(await store.count(), 0);
    },
  },
];
