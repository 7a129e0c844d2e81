import assert from 'node:assert/strict';
import type { EventStore } from '@es/core';
import type { EventStoreCase } from './event-store-case.ts';
import { anyVersion, aStream, idsOf, newStream, range, readStream, someEvents } from './sample-events.ts';

/** One append is sent many times at once; all must get the same answer, and the events must be there once. */
async function allAnswersAgree(stores: readonly EventStore[]): Promise<void> {
  const [store] = stores;
  assert.ok(store);
  await newStream(store, 1);
  for (const expectedVersion of ['no-stream', 0, 'any'] as const) {
    const stream = aStream();
    const events = someEvents(3);
    const results = await Promise.all(stores.map((one) => one.appendEvents(stream, events, { expectedVersion })));
    const stored = await readStream(store, stream);
    assert.deepEqual(idsOf(stored), idsOf(events));
    for (const result of results) assert.deepEqual(result, { version: 3, position: stored[2]?.position });
  }
}

export const racedRetries: readonly EventStoreCase[] = [
  {
    name: 'an append that is sent many times at once is stored once and answered alike',
    run: async ({ store }) => allAnswersAgree(range(1, 10).map(() => store)),
  },
  {
    name: 'an append that is sent through several connections at once is stored once and answered alike',
    needs: 'multipleConnections',
    run: async ({ store, open }) => allAnswersAgree([store, await open(), await open(), store]),
  },
  {
    name: 'an append repeated while the first one is in flight, among appends of others, is stored once',
    run: async ({ store }) => {
      const stream = await newStream(store, 1);
      const events = someEvents(2);
      const first = store.appendEvents(stream, events, anyVersion);
      const others = range(1, 5).map(() => store.appendEvents(stream, someEvents(1), anyVersion));
      const again = store.appendEvents(stream, events, anyVersion);
      await Promise.all(others);
      assert.deepEqual(await again, await first);
      const stored = await readStream(store, stream);
      assert.equal(stored.length, 8);
      assert.equal(new Set(idsOf(stored)).size, 8);
    },
  },
];
