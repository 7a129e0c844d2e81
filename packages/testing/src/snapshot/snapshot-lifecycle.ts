import assert from 'node:assert/strict';
import type { ComponentOptions, SnapshotStore } from '@es/core';
import { rejectsWith } from '../conformance/expectations.ts';
import { lifecycleTraits, type Operation } from '../conformance/lifecycle-traits.ts';
import { anAggregate, aSnapshot } from './sample-snapshots.ts';
import type { SnapshotStoreCase } from './snapshot-store-case.ts';

const operations: readonly Operation<SnapshotStore>[] = [
  { name: 'save', run: (store, options) => store.save(aSnapshot(anAggregate()), options) },
  { name: 'get', run: (store, options) => store.get(anAggregate(), options) },
  { name: 'delete', run: (store, options) => store.delete(anAggregate(), options) },
  { name: 'exists', run: (store, options) => store.exists(anAggregate(), options) },
];

export const snapshotLifecycle: readonly SnapshotStoreCase[] = [
  ...lifecycleTraits<SnapshotStore, ComponentOptions>(operations),
  {
    name: 'a save with an aborted signal writes nothing',
    run: async ({ store }) => {
      const stream = anAggregate();
      await rejectsWith('ES_ABORTED', store.save(aSnapshot(stream), { signal: AbortSignal.abort() }));
      assert.equal(await store.exists(stream), false);
    },
  },
  {
    name: 'closing twice does nothing more',
    run: async ({ store }) => {
      await Promise.all([store.close(), store.close()]);
    },
  },
  {
    name: 'a store that is opened later has every snapshot',
    needs: 'durable',
    run: async ({ store, open }) => {
      const snapshot = aSnapshot(anAggregate(), { version: 4, state: { text: '😀' } });
      await store.save(snapshot);
      await store.close();
      const later = await open();
      assert.deepEqual(await later.get(snapshot), snapshot);
      await later.save({ ...snapshot, version: 3 });
      assert.equal((await later.get(snapshot))?.version, 4);
    },
  },
  {
    name: 'what one connection saved or deleted the others see at once, and the newest is kept among them',
    needs: 'multipleConnections',
    run: async ({ store, open }) => {
      const other = await open();
      const stream = anAggregate();
      await Promise.all([2, 8, 5, 7].map((version, index) => (index % 2 === 0 ? store : other).save(aSnapshot(stream, { version }))));
      assert.deepEqual([(await store.get(stream))?.version, (await other.get(stream))?.version], [8, 8]);
      await other.delete(stream);
      assert.equal(await store.exists(stream), false);
    },
  },
];
