import assert from 'node:assert/strict';
import { combinations } from '../conformance/combinations.ts';
import { sameItems } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { idsOf, newStream } from './sample-events.ts';

export const readAllBounds: readonly EventStoreCase[] = [
  {
    name: 'after is exclusive, upTo inclusive, limit counts from after: every combination yields exactly that',
    run: async ({ store }) => {
      await newStream(store, 4);
      await newStream(store, 3);
      const all = await store.readAll().toArray();
      const last = all.at(-1)?.position ?? 0n;
      const positions = [0n, ...[0, 2, 5, 6].map((index) => all[index]?.position ?? 0n), last + 1n, last + 1_000n];
      for (const options of combinations({ after: positions, upTo: [undefined, ...positions], limit: [undefined, 0, 1, 3, 7, 50] })) {
        const { after = 0n, upTo = last, limit } = options;
        const expected = all.filter(({ position }) => position > after && position <= upTo).slice(0, limit);
        const events = await store.readAll(options).toArray();
        assert.deepEqual(idsOf(events), idsOf(expected), `after ${after}, up to ${options.upTo}, limit ${limit}`);
      }
    },
  },
  {
    name: 'reading on from the last position, in portions of any size, yields everything once',
    run: async ({ store }) => {
      for (let count = 0; count < 12; count += 1) await newStream(store, 100);
      const all = idsOf(await store.readAll().toArray());
      for (const limit of [97, 512, 1_000]) {
        const read: string[] = [];
        let after = 0n;
        for (;;) {
          const portion = await store.readAll({ after, limit }).toArray();
          if (portion.length === 0) break;
          assert.equal(portion.length, Math.min(limit, all.length - read.length));
          read.push(...idsOf(portion));
          after = portion.at(-1)?.position ?? after;
        }
        sameItems(read, all, `read in portions of ${limit}`);
      }
    },
  },
];
