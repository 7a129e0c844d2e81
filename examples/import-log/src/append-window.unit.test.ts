import { type AppendResult, type EventStore, InMemoryEventStore, StorageError } from '@es/core';
import { describe, expect, test } from 'vitest';
import { AppendWindow } from './append-window.ts';
import { HookedStore } from './hooked-store.fixture.ts';
import { type LoggedEvent, loggedEventDefinition } from './logged-event.ts';

const stream = { aggregateType: 'Parcel', aggregateId: 'P-1' };
const logged = (line: number): LoggedEvent => ({
  line,
  aggregateId: 'P-1',
  event: loggedEventDefinition('Sorted').create({ line }, { id: `event-${line}` }),
});

function windowOver(eventStore: EventStore, inFlight: number) {
  const appended: AppendResult[] = [];
  const window = new AppendWindow({ eventStore, aggregateType: 'Parcel', inFlight, onAppended: (result) => appended.push(result) });
  return { window, appended };
}

describe('AppendWindow', () => {
  test('keeps the order of a stream on a store that does not', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const eventStore = new HookedStore((id) => (id === 'event-1' ? promise : undefined));
    const { window, appended } = windowOver(eventStore, 8);
    for (const line of [1, 2, 3]) await window.add(logged(line), line);
    setImmediate(resolve);
    await window.drain();
    expect(appended.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect((await eventStore.getEvents(stream).toArray()).map(({ id }) => id)).toEqual(['event-1', 'event-2', 'event-3']);
  });

  test('has no more on their way than it may', async () => {
    let [now, most] = [0, 0];
    const eventStore = new HookedStore(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
    });
    const { window } = windowOver(eventStore, 2);
    for (let line = 1; line <= 6; line += 1) await window.add(logged(line), line);
    await window.drain();
    expect(most).toBe(2);
  });

  test('appends nothing of a stream behind an event that failed, and tells its failure', async () => {
    const full = new StorageError('ES_STORAGE_FULL', 'The disk is full.');
    const eventStore = new HookedStore((id) => (id === 'event-2' ? Promise.reject(full) : undefined));
    const { window } = windowOver(eventStore, 8);
    for (const line of [1, 2, 3]) await window.add(logged(line), line);
    await expect(window.drain()).rejects.toBe(full);
    await expect(window.add(logged(4), 4)).rejects.toBe(full);
    expect(await eventStore.getEvents(stream).toArray()).toHaveLength(1);
  });

  test('takes an event that is there already for appended', async () => {
    const eventStore = new InMemoryEventStore();
    const { window, appended } = windowOver(eventStore, 8);
    for (const line of [1, 2, 1, 2, 3]) await window.add(logged(line), line);
    await window.drain();
    expect(appended).toHaveLength(5);
    expect(await eventStore.getEvents(stream).toArray()).toHaveLength(3);
  });
});
