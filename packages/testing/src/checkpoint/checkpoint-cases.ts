import assert from 'node:assert/strict';
import type { CheckpointStore, StoreCapabilities } from '@es/core';
import type { ConformanceCase, ConformanceSection } from '../conformance/conformance-case.ts';
import { rejectsWith } from '../conformance/expectations.ts';
import { lifecycleTraits, type Operation } from '../conformance/lifecycle-traits.ts';
import type { StoreSetting } from '../conformance/store-fixture.ts';

/** One promise of the checkpoint store port. */
export type CheckpointStoreCase = ConformanceCase<StoreSetting<CheckpointStore, object>, keyof StoreCapabilities>;

const operations: readonly Operation<CheckpointStore>[] = [
  { name: 'load', run: (store, options) => store.load('subscription', options) },
  { name: 'save', run: (store, options) => store.save('subscription', 1n, options) },
  { name: 'delete', run: (store, options) => store.delete('subscription', options) },
];

const keeping: readonly CheckpointStoreCase[] = [
  {
    name: 'gives back the position that was saved last, also when that went backwards',
    run: async ({ store }) => {
      for (const position of [5n, 7n, 0n, 2n ** 62n, 3n]) {
        await store.save('orders', position);
        assert.equal(await store.load('orders'), position);
      }
    },
  },
  {
    name: 'has no checkpoint of a subscription that never saved one, which is not position 0',
    run: async ({ store }) => {
      await store.save('orders', 0n);
      assert.deepEqual([await store.load('orders'), await store.load('tasks')], [0n, undefined]);
    },
  },
  {
    name: 'keeps subscriptions apart, whatever their names',
    run: async ({ store }) => {
      const names = ['a', 'A', 'a ', '%', '_', "'; DROP TABLE checkpoints; --", 'größe', '😀', '__proto__', 'x'.repeat(200)];
      for (const [index, name] of names.entries()) await store.save(name, BigInt(index));
      for (const [index, name] of names.entries()) assert.equal(await store.load(name), BigInt(index), name);
    },
  },
  {
    name: 'deletes a checkpoint once',
    run: async ({ store }) => {
      await store.save('orders', 5n);
      await store.save('tasks', 6n);
      assert.deepEqual([await store.delete('orders'), await store.delete('orders')], [true, false]);
      assert.deepEqual([await store.load('orders'), await store.load('tasks')], [undefined, 6n]);
    },
  },
  {
    name: 'refuses a subscription without a name, and what is not a position',
    run: async ({ store }) => {
      await rejectsWith('ES_INVALID_ARGUMENT', store.save('', 1n));
      await rejectsWith('ES_INVALID_ARGUMENT', store.load(''));
      await rejectsWith('ES_INVALID_ARGUMENT', store.delete(''));
      for (const position of [-1n, 1, '1', undefined] as bigint[]) await rejectsWith('ES_INVALID_ARGUMENT', store.save('orders', position));
      assert.equal(await store.load('orders'), undefined);
    },
  },
];

const closing: readonly CheckpointStoreCase[] = [
  ...lifecycleTraits<CheckpointStore, object>(operations),
  {
    name: 'closing twice does nothing more',
    run: async ({ store }) => {
      await Promise.all([store.close(), store.close()]);
    },
  },
  {
    name: 'a store that is opened later has every checkpoint',
    needs: 'durable',
    run: async ({ store, open }) => {
      await store.save('orders', 2n ** 62n);
      await store.close();
      assert.equal(await (await open()).load('orders'), 2n ** 62n);
    },
  },
  {
    name: 'what one connection saved the others see at once',
    needs: 'multipleConnections',
    run: async ({ store, open }) => {
      const other = await open();
      for (const position of [1n, 2n, 3n]) {
        await store.save('orders', position);
        assert.equal(await other.load('orders'), position);
      }
    },
  },
];

/** What a checkpoint store does. */
export const checkpointSections: readonly ConformanceSection<StoreSetting<CheckpointStore, object>, keyof StoreCapabilities>[] = [
  { topic: 'keeping positions', cases: keeping },
  { topic: 'being closed and opened', cases: closing },
];
