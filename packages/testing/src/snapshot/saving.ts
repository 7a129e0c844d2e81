import assert from 'node:assert/strict';
import type { JsonValue } from '@es/core';
import { anAggregate, aSnapshot } from './sample-snapshots.ts';
import type { SnapshotStoreCase } from './snapshot-store-case.ts';

const states: readonly JsonValue[] = [
  {},
  [],
  'text',
  '',
  0,
  false,
  null,
  { deep: { list: [1, [2, { three: '😀 \u0000 " \\' }]], nothing: null } },
  { number: 2 ** 53 - 1, small: 5e-324, large: 1e308 },
  JSON.parse('{"__proto__":{"a":1},"constructor":2,"":3}'),
  { long: 'x'.repeat(500_000) },
];

export const saving: readonly SnapshotStoreCase[] = [
  {
    name: 'gives back what was saved',
    run: async ({ store }) => {
      const snapshot = aSnapshot(anAggregate(), { version: 7, stateSchemaVersion: 3 });
      await store.save(snapshot);
      assert.deepEqual(await store.get(snapshot), snapshot);
    },
  },
  {
    name: 'keeps any JSON as state',
    run: async ({ store }) => {
      for (const state of states) {
        const snapshot = aSnapshot(anAggregate(), { state });
        await store.save(snapshot);
        assert.deepEqual((await store.get(snapshot))?.state, state);
      }
    },
  },
  {
    name: 'has nothing of an aggregate that was never saved',
    run: async ({ store }) => {
      await store.save(aSnapshot(anAggregate()));
      assert.equal(await store.get(anAggregate()), undefined);
      assert.equal(await store.exists(anAggregate()), false);
    },
  },
  {
    name: 'keeps aggregates apart by type and id, however alike they look',
    run: async ({ store }) => {
      const names = [
        ['A', 'B-C'],
        ['A-B', 'C'],
        ['AB', 'C'],
        ['A', 'BC'],
        ['a', 'BC'],
        ['A:', 'B'],
        ['A', ':B'],
        ['%', '_'],
        ["'", '"'],
      ] as const;
      const snapshots = names.map(([aggregateType, aggregateId], index) =>
        aSnapshot({ aggregateType, aggregateId }, { version: index + 1 }),
      );
      for (const snapshot of snapshots) await store.save(snapshot);
      for (const snapshot of snapshots) assert.deepEqual(await store.get(snapshot), snapshot);
      await store.delete(snapshots[0] ?? anAggregate());
      for (const snapshot of snapshots.slice(1)) assert.ok(await store.exists(snapshot));
    },
  },
  {
    name: 'what the caller does to its objects after saving changes nothing, nor what it does to what it got',
    run: async ({ store }) => {
      const list = [1];
      const snapshot = aSnapshot(anAggregate(), { state: { list } });
      const saved = store.save(snapshot);
      list.push(2);
      await saved;
      const first = (await store.get(snapshot))?.state as { list: number[] };
      assert.deepEqual(first, { list: [1] });
      if (!Object.isFrozen(first.list)) first.list.push(3);
      assert.deepEqual((await store.get(snapshot))?.state, { list: [1] });
    },
  },
];
