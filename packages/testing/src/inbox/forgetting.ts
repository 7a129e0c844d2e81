import assert from 'node:assert/strict';
import { rejectsWith } from '../conformance/expectations.ts';
import type { InboxCase } from './inbox-case.ts';

const hourMs = 3_600_000;

export const forgetting: readonly InboxCase[] = [
  {
    name: 'forgets what was handled before a date, which is then handled once more',
    run: async ({ store }) => {
      const deliver = (): Promise<string> => store.once('e-1', 'mailer', () => undefined);
      await deliver();
      assert.equal(await store.forgetBefore(new Date(Date.now() - hourMs)), 0);
      assert.equal(await deliver(), 'duplicate');
      assert.equal(await store.forgetBefore(new Date(Date.now() + hourMs)), 1);
      assert.equal(await deliver(), 'handled');
    },
  },
  {
    name: 'forgets the records of every handler, and says how many there were',
    run: async ({ store }) => {
      await Promise.all(Array.from({ length: 60 }, (_, index) => store.once(`e-${index}`, `handler ${index % 3}`, () => undefined)));
      const later = new Date(Date.now() + hourMs);
      assert.deepEqual([await store.forgetBefore(later), await store.forgetBefore(later)], [60, 0]);
    },
  },
  {
    name: 'refuses what is not a date',
    run: async ({ store }) => {
      for (const date of [new Date('x'), '2026-01-01', undefined] as Date[]) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.forgetBefore(date));
      }
    },
  },
];
