import assert from 'node:assert/strict';
import type { EventStore } from '@es/core';
import { rejectsWith } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anyVersion, aStream, newStream, someEvents } from './sample-events.ts';

const deadlineMs = 30_000;

function wait(store: EventStore, after: bigint): Promise<boolean> {
  return store.waitForEvents(after, { signal: AbortSignal.timeout(deadlineMs) });
}

async function wakes(waiting: EventStore, appending: EventStore): Promise<void> {
  for (let round = 0; round < 5; round += 1) {
    const head = await waiting.getHeadPosition();
    const waits = [wait(waiting, head), wait(waiting, head)];
    const { position } = await appending.appendEvents(aStream(), someEvents(1), anyVersion);
    assert.deepEqual(await Promise.all(waits), [true, true]);
    assert.equal((await waiting.readAll({ after: head }).toArray()).at(-1)?.position, position);
  }
}

export const waitForEvents: readonly EventStoreCase[] = [
  {
    name: 'waitForEvents answers at once where there is something to read',
    run: async ({ store }) => {
      await newStream(store, 3);
      const head = await store.getHeadPosition();
      assert.equal(await wait(store, 0n), true);
      assert.equal(await wait(store, head - 1n), true);
      assert.equal(await store.waitForEvents(0n, { timeoutMs: 0 }), true);
    },
  },
  { name: 'waitForEvents wakes when something is appended', run: async ({ store }) => wakes(store, store) },
  {
    name: 'waitForEvents wakes when something is appended through another connection',
    needs: 'multipleConnections',
    run: async ({ store, open }) => wakes(store, await open()),
  },
  {
    name: 'waitForEvents does not take an append up to its position for a new one',
    run: async ({ store }) => {
      await newStream(store, 1);
      const ahead = (await store.getHeadPosition()) + 1_000_000n;
      const waiting = store.waitForEvents(ahead, { timeoutMs: 50 });
      await newStream(store, 1);
      assert.equal(await waiting, false);
    },
  },
  {
    name: 'waitForEvents answers false when its time is over',
    run: async ({ store }) => {
      await newStream(store, 1);
      const head = await store.getHeadPosition();
      assert.equal(await store.waitForEvents(head, { timeoutMs: 0 }), false);
      assert.equal(await store.waitForEvents(head, { timeoutMs: 20 }), false);
    },
  },
  {
    name: 'waitForEvents ends with an AbortedError when its signal is aborted meanwhile',
    run: async ({ store }) => {
      const controller = new AbortController();
      const waiting = store.waitForEvents(0n, { signal: controller.signal, timeoutMs: deadlineMs });
      const reason = new Error('enough');
      controller.abort(reason);
      const error = await rejectsWith('ES_ABORTED', waiting);
      assert.equal((error as Error).cause, reason);
    },
  },
  {
    name: 'waitForEvents ends with a ClosedError when the store is closed meanwhile',
    run: async ({ store }) => {
      const waiting = rejectsWith('ES_CLOSED', store.waitForEvents(0n, { timeoutMs: deadlineMs }));
      await store.close();
      await waiting;
    },
  },
];
