import assert from 'node:assert/strict';
import type { EventStore, EventStoreOptions, OperationOptions } from '@es/core';
import { allHaveCode, race, rejectsWith } from '../conformance/expectations.ts';
import { lifecycleTraits, type Operation } from '../conformance/lifecycle-traits.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream, newStream, range, someEvents } from './sample-events.ts';

const operations: readonly Operation<EventStore>[] = [
  { name: 'appendEvents', run: (store, options) => store.appendEvents(aStream(), [anEvent()], anyVersion, options) },
  { name: 'an empty appendEvents', run: (store, options) => store.appendEvents(aStream(), [], anyVersion, options) },
  { name: 'getEvents', run: (store, options) => store.getEvents(aStream(), options).toArray() },
  { name: 'getEvents backward', run: (store, options) => store.getEvents(aStream(), { ...options, direction: 'backward' }).first() },
  { name: 'readAll', run: (store, options) => store.readAll(options).toArray() },
  { name: 'readAll by pages', run: (store, options) => store.readAll(options).pages()[Symbol.asyncIterator]().next() },
  { name: 'getHeadPosition', run: (store, options) => store.getHeadPosition(options) },
  { name: 'waitForEvents', run: (store, options) => store.waitForEvents(0n, { ...options, timeoutMs: 0 }) },
];

/** Begins a read of many pages, interrupts it, and reads on to what it takes for its end. */
async function readInterrupted(store: EventStore, options: OperationOptions, interrupt: () => Promise<void> | void): Promise<void> {
  const events = store.readAll(options)[Symbol.asyncIterator]();
  await events.next();
  await interrupt();
  for (let done = false; !done; ) done = (await events.next()).done === true;
}

export const lifecycle: readonly EventStoreCase[] = [
  ...lifecycleTraits<EventStore, EventStoreOptions>(operations),
  {
    name: 'an append with an aborted signal writes nothing',
    run: async ({ store }) => {
      await rejectsWith('ES_ABORTED', store.appendEvents(aStream(), someEvents(2), anyVersion, { signal: AbortSignal.abort() }));
      assert.equal(await store.getHeadPosition(), 0n);
    },
  },
  {
    name: 'a read that is aborted on the way fails, rather than ending early',
    run: async ({ store }) => {
      for (const count of [2_000, 2_000]) await newStream(store, count);
      const controller = new AbortController();
      await rejectsWith(
        'ES_ABORTED',
        readInterrupted(store, { signal: controller.signal }, () => controller.abort()),
      );
    },
  },
  {
    name: 'a read whose store is closed on the way fails, rather than ending early',
    run: async ({ store }) => {
      for (const count of [2_000, 2_000]) await newStream(store, count);
      await rejectsWith(
        'ES_CLOSED',
        readInterrupted(store, {}, () => store.close()),
      );
    },
  },
  {
    name: 'closing twice, also at the same time, does nothing more',
    run: async ({ store }) => {
      await Promise.all([store.close(), store.close()]);
      await store.close();
    },
  },
  {
    name: 'appends in hand when the store is closed are finished or refused, never left open',
    run: async ({ store }) => {
      const appends = range(1, 10).map(() => store.appendEvents(aStream(), someEvents(2), anyVersion));
      const [, { lost }] = await Promise.all([store.close(), race(appends)]);
      allHaveCode('ES_CLOSED', lost);
    },
  },
];
