import assert from 'node:assert/strict';
import type { EventStore, ExpectedVersion, StreamId } from '@es/core';
import { allHaveCode, errorSays, race } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { aStream, idsOf, newStream, readStream, someEvents } from './sample-events.ts';

const racers = 20;

/** Lets writers race for one version and expects exactly one winner, of whose append nothing is missing. */
async function oneWins(
  stores: readonly EventStore[],
  stream: StreamId,
  expectedVersion: ExpectedVersion,
  startVersion: number,
): Promise<void> {
  const appends = stores.map(() => someEvents(2));
  const { won, lost } = await race(
    stores.map(async (store, index) => {
      await store.appendEvents(stream, appends[index] ?? [], { expectedVersion });
      return index;
    }),
  );
  assert.equal(won.length, 1, `of ${stores.length} appends at one version exactly one must win`);
  allHaveCode('ES_CONCURRENCY', lost);
  for (const error of lost) errorSays(error as object, { actualVersion: startVersion + 2, expectedVersion });
  const [store] = stores;
  assert.ok(store);
  const events = await readStream(store, stream);
  assert.deepEqual(idsOf(events.slice(startVersion)), idsOf(appends[won[0] ?? -1] ?? []));
}

const same = (store: EventStore, count: number): EventStore[] => Array.from({ length: count }, () => store);

export const appendRace: readonly EventStoreCase[] = [
  {
    name: 'of two concurrent appends at one version exactly one wins, and the other learns the actual version',
    run: async ({ store }) => {
      for (let round = 0; round < 10; round += 1) await oneWins(same(store, 2), await newStream(store, 3), 3, 3);
    },
  },
  {
    name: 'of many concurrent appends at one version exactly one wins',
    run: async ({ store }) => oneWins(same(store, racers), await newStream(store, 1), 1, 1),
  },
  {
    name: 'of many concurrent appends with no-stream exactly one wins',
    run: async ({ store }) => {
      for (let round = 0; round < 5; round += 1) await oneWins(same(store, racers), aStream(), 'no-stream', 0);
    },
  },
  {
    name: 'of many concurrent appends at version 0 exactly one wins',
    run: async ({ store }) => oneWins(same(store, racers), aStream(), 0, 0),
  },
  {
    name: 'of concurrent appends through several connections exactly one wins',
    needs: 'multipleConnections',
    run: async ({ store, open }) => {
      const stores = [store, await open(), await open(), await open()];
      for (let round = 0; round < 5; round += 1) {
        await oneWins([...stores, ...stores], await newStream(store, 3), 3, 3);
        await oneWins([...stores, ...stores], aStream(), 'no-stream', 0);
      }
    },
  },
  {
    name: 'appends to different streams do not get in each other’s way',
    run: async ({ store }) => {
      const { won, lost } = await race(Array.from({ length: 50 }, () => newStream(store, 2)));
      assert.deepEqual([won.length, lost], [50, []]);
    },
  },
];
