import assert from 'node:assert/strict';
import type { EventStore, EventStream, StoredEvent } from '@es/core';
import { heapMeter } from '../conformance/heap.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream, range } from './sample-events.ts';

const events = 10_000;
const bytesEach = 2_000;
/** What a read may hold at a time: a fraction of what it yields in all. */
const allowance = (events * bytesEach) / 4;

async function fill(store: EventStore): Promise<readonly EventStream<StoredEvent>[]> {
  const stream = aStream();
  for (let batch = 0; batch < 20; batch += 1) {
    const text = (number: number): string => `${number} `.padEnd(bytesEach, 'x');
    const appended = range(1, events / 20).map((number) => anEvent({ data: { text: text(batch * 1_000 + number) } }));
    await store.appendEvents(stream, appended, anyVersion);
  }
  return [store.readAll(), store.getEvents(stream), store.getEvents(stream, { direction: 'backward' })];
}

export const streaming: readonly EventStoreCase[] = [
  {
    name: 'the first page of a long read is a small part of it',
    run: async ({ store }) => {
      for (const read of await fill(store)) {
        for await (const page of read.pages()) {
          assert.ok(page.length <= events / 4, `a page of ${page.length} among ${events} events`);
          break;
        }
      }
    },
  },
  {
    name: 'memory does not grow with the number of events that are read',
    run: async ({ store }) => {
      const reads = await fill(store);
      const heapInUse = heapMeter();
      for (const read of reads) {
        const before = heapInUse();
        let count = 0;
        for await (const _event of read) {
          count += 1;
          if (count !== 1 && count !== events - 1) continue;
          const grown = heapInUse() - before;
          assert.ok(grown < allowance, `after ${count} of ${events} events the read holds ${grown} bytes; allowed are ${allowance}`);
        }
        assert.equal(count, events);
      }
    },
  },
];
