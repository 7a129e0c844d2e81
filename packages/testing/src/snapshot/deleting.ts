import assert from 'node:assert/strict';
import { anAggregate, aSnapshot } from './sample-snapshots.ts';
import type { SnapshotStoreCase } from './snapshot-store-case.ts';

export const deleting: readonly SnapshotStoreCase[] = [
  {
    name: 'tells whether there is a snapshot, and deletes it once',
    run: async ({ store }) => {
      const stream = anAggregate();
      assert.deepEqual([await store.exists(stream), await store.delete(stream)], [false, false]);
      await store.save(aSnapshot(stream));
      assert.deepEqual([await store.exists(stream), await store.delete(stream)], [true, true]);
      assert.deepEqual([await store.exists(stream), await store.get(stream), await store.delete(stream)], [false, undefined, false]);
    },
  },
  {
    name: 'after a deletion an older snapshot can be saved',
    run: async ({ store }) => {
      const stream = anAggregate();
      await store.save(aSnapshot(stream, { version: 9 }));
      await store.delete(stream);
      await store.save(aSnapshot(stream, { version: 2 }));
      assert.equal((await store.get(stream))?.version, 2);
    },
  },
];
