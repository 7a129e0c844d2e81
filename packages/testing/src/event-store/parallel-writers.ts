import assert from 'node:assert/strict';
import type { EventStore, StoredEvent } from '@es/core';
import { sameItems } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anyVersion, aStream, idsOf, range, someEvents } from './sample-events.ts';

const writers = 8;
const appendsEach = 15;
const deadlineMs = 60_000;

/** Reads on from where it stands until it has seen so many events, waiting where there is nothing new. */
async function tail(store: EventStore, count: number): Promise<StoredEvent[]> {
  const signal = AbortSignal.timeout(deadlineMs);
  const seen: StoredEvent[] = [];
  while (seen.length < count) {
    const after = seen.at(-1)?.position ?? 0n;
    await store.waitForEvents(after, { signal });
    seen.push(...(await store.readAll({ after, signal }).toArray()));
  }
  return seen;
}

/** Writers append to own and shared streams while readers follow; no reader may miss, double or reorder anything. */
async function readersMissNothing(writing: readonly EventStore[], reading: readonly EventStore[]): Promise<void> {
  const shared = aStream('Shared');
  const appendsOf = range(1, writers).map((writer) => range(1, appendsEach).map((count) => someEvents(1 + ((writer + count) % 4))));
  const total = appendsOf.flat(2).length;
  const tails = Promise.all(reading.map((store) => tail(store, total)));
  // Where writing fails, the case ends there: how the readers then end must not surface beside it.
  tails.catch(() => undefined);
  await Promise.all(
    appendsOf.map(async (appends, writer) => {
      const store = writing[writer % writing.length];
      assert.ok(store);
      const own = aStream('Own');
      for (const [index, events] of appends.entries()) await store.appendEvents(index % 2 === 0 ? own : shared, events, anyVersion);
    }),
  );
  const [store] = reading;
  assert.ok(store);
  const log = await store.readAll().toArray();
  assert.equal(log.length, total);
  assertOrdered(log);
  for (const seen of await tails) {
    // What a reader saw while it followed is what the log holds in the end: nothing appeared behind a position already read.
    sameItems(idsOf(seen), idsOf(log), 'what a reader saw');
  }
}

/** Positions rise, and within each stream versions count up by one. */
function assertOrdered(log: readonly StoredEvent[]): void {
  const versions = new Map<string, number>();
  let position = 0n;
  for (const event of log) {
    assert.ok(event.position > position, `position ${event.position} after ${position}`);
    position = event.position;
    const next = (versions.get(event.aggregateId) ?? 0) + 1;
    assert.equal(event.version, next, `version ${event.version} of ${event.aggregateType} ${event.aggregateId} where ${next} was due`);
    versions.set(event.aggregateId, next);
  }
}

export const parallelWriters: readonly EventStoreCase[] = [
  {
    name: 'under parallel writers, a reader that follows misses nothing and sees nothing appear behind it',
    run: async ({ store }) => readersMissNothing([store], [store, store]),
  },
  {
    name: 'under writers on several connections, readers on others miss nothing and see nothing appear behind them',
    needs: 'multipleConnections',
    run: async ({ store, open }) => readersMissNothing([store, await open(), await open()], [store, await open()]),
  },
  {
    name: 'a read during appends sees the log as it was at one moment: a beginning of it, without holes',
    run: async ({ store }) => {
      const stream = aStream();
      await store.appendEvents(stream, someEvents(1_500), anyVersion);
      const reads: Promise<StoredEvent[]>[] = [];
      for (let round = 0; round < 20; round += 1) {
        const appended = store.appendEvents(round % 2 === 0 ? stream : aStream(), someEvents(40), anyVersion);
        reads.push(store.readAll().toArray(), store.getEvents(stream).toArray());
        await appended;
      }
      const log = await store.readAll().toArray();
      const whole = await store.getEvents(stream).toArray();
      for (const [index, read] of (await Promise.all(reads)).entries()) {
        const source = index % 2 === 0 ? log : whole;
        assert.ok(read.length >= 1_500);
        sameItems(idsOf(read), idsOf(source.slice(0, read.length)), 'a read during appends');
      }
    },
  },
];
