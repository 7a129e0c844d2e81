import assert from 'node:assert/strict';
import type { JsonValue, StreamId } from '@es/core';
import { rejectsWith } from '../conformance/expectations.ts';
import { anAggregate, aSnapshot } from './sample-snapshots.ts';
import type { SnapshotStoreCase } from './snapshot-store-case.ts';

export const invalidSnapshots: readonly SnapshotStoreCase[] = [
  {
    name: 'refuses a version that is not a whole number from 1, and a state that is not JSON',
    run: async ({ store }) => {
      const stream = anAggregate();
      for (const version of [0, -1, 1.5, Number.NaN]) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.save(aSnapshot(stream, { version })));
        await rejectsWith('ES_INVALID_ARGUMENT', store.save(aSnapshot(stream, { stateSchemaVersion: version })));
      }
      for (const state of [Number.NaN, 1n, new Map(), { deep: [() => 1] }] as unknown as JsonValue[]) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.save(aSnapshot(stream, { state })));
      }
      assert.equal(await store.exists(stream), false);
    },
  },
  {
    name: 'refuses an aggregate without type or id',
    run: async ({ store }) => {
      const streams = [
        { aggregateType: '', aggregateId: 'x' },
        { aggregateType: 'X', aggregateId: '' },
        { aggregateType: 'X' },
      ] as StreamId[];
      for (const stream of streams) {
        await rejectsWith('ES_INVALID_ARGUMENT', store.save(aSnapshot(stream)));
        await rejectsWith('ES_INVALID_ARGUMENT', store.get(stream));
        await rejectsWith('ES_INVALID_ARGUMENT', store.exists(stream));
        await rejectsWith('ES_INVALID_ARGUMENT', store.delete(stream));
      }
    },
  },
];
