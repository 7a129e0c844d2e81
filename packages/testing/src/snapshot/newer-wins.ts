import assert from 'node:assert/strict';
import type { SnapshotStore } from '@es/core';
import { anAggregate, aSnapshot } from './sample-snapshots.ts';
import type { SnapshotStoreCase } from './snapshot-store-case.ts';

/** `[stateSchemaVersion, version]` */
type Age = readonly [number, number];

/** Saves one after the other and expects which of them is kept. */
async function keeps(store: SnapshotStore, ages: readonly Age[], kept: Age): Promise<void> {
  const stream = anAggregate();
  for (const [stateSchemaVersion, version] of ages) {
    await store.save(aSnapshot(stream, { stateSchemaVersion, version, state: { stateSchemaVersion, version } }));
  }
  const snapshot = await store.get(stream);
  assert.deepEqual(
    [snapshot?.stateSchemaVersion, snapshot?.version, snapshot?.state],
    [...kept, { stateSchemaVersion: kept[0], version: kept[1] }],
  );
}

export const newerWins: readonly SnapshotStoreCase[] = [
  {
    name: 'a greater version takes the place of a smaller one',
    run: ({ store }) =>
      keeps(
        store,
        [
          [1, 3],
          [1, 5],
        ],
        [1, 5],
      ),
  },
  {
    name: 'a smaller version does not take the place of a greater one',
    run: ({ store }) =>
      keeps(
        store,
        [
          [1, 5],
          [1, 3],
        ],
        [1, 5],
      ),
  },
  {
    name: 'a greater state schema version wins, even at a smaller version',
    run: ({ store }) =>
      keeps(
        store,
        [
          [1, 9],
          [2, 3],
        ],
        [2, 3],
      ),
  },
  {
    name: 'a smaller state schema version loses, even at a greater version',
    run: ({ store }) =>
      keeps(
        store,
        [
          [2, 3],
          [1, 9],
        ],
        [2, 3],
      ),
  },
  {
    name: 'the same version saved again takes the place of the earlier one',
    run: async ({ store }) => {
      const stream = anAggregate();
      await store.save(aSnapshot(stream, { version: 2, state: 'first' }));
      await store.save(aSnapshot(stream, { version: 2, state: 'second' }));
      assert.equal((await store.get(stream))?.state, 'second');
    },
  },
  {
    name: 'of many saved at the same time the newest is kept',
    run: async ({ store }) => {
      const stream = anAggregate();
      const versions = [4, 9, 1, 20, 3, 17, 8];
      await Promise.all(versions.map((version) => store.save(aSnapshot(stream, { version, state: { version } }))));
      assert.deepEqual((await store.get(stream))?.state, { version: 20 });
    },
  },
];
