import assert from 'node:assert/strict';
import type { EventStore } from '@es/core';
import { sameItems } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anyVersion, aStream, idsOf, range, readStream, someEvents, versionsOf } from './sample-events.ts';

const writers = 10;
const appendsEach = 20;

/** Many writers append to one stream without expectations; everything must be there, each append in one piece. */
async function nothingIsLost(stores: readonly EventStore[]): Promise<void> {
  const stream = aStream();
  const acknowledged: { ids: string[]; version: number }[] = [];
  await Promise.all(
    range(1, writers).map(async (writer) => {
      const store = stores[writer % stores.length];
      assert.ok(store);
      for (let count = 0; count < appendsEach; count += 1) {
        const events = someEvents(1 + (count % 3));
        const { version } = await store.appendEvents(stream, events, anyVersion);
        acknowledged.push({ ids: idsOf(events), version });
      }
    }),
  );
  const [store] = stores;
  assert.ok(store);
  const stored = await readStream(store, stream);
  sameItems(versionsOf(stored), range(1, stored.length), 'the versions');
  for (const { ids, version } of acknowledged) assert.deepEqual(idsOf(stored.slice(version - ids.length, version)), ids);
  assert.equal(stored.length, acknowledged.flatMap(({ ids }) => ids).length);
}

export const anyUnderLoad: readonly EventStoreCase[] = [
  { name: 'any never conflicts and loses nothing, with many writers on one stream', run: async ({ store }) => nothingIsLost([store]) },
  {
    name: 'any never conflicts and loses nothing, with many writers on several connections',
    needs: 'multipleConnections',
    run: async ({ store, open }) => nothingIsLost([store, await open(), await open()]),
  },
];
