import assert from 'node:assert/strict';
import type { StoredEvent } from '@es/core';
import type { EventStoreCase } from './event-store-case.ts';
import { Paid } from './sample-definitions.ts';
import { anEvent, anyVersion, aStream, readStream } from './sample-events.ts';

function everyPart(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(everyPart)];
}

export const storedEvents: readonly EventStoreCase[] = [
  {
    name: 'events come back deeply frozen, with definitions or without',
    run: async ({ store }) => {
      const stream = aStream();
      const rich = { type: 'Paid', data: { amount: 1, items: [{ a: [1] }] }, metadata: { deep: { er: [1] } }, tags: ['x'] };
      await store.appendEvents(stream, [anEvent(rich)], anyVersion);
      for (const read of [store.getEvents(stream), store.getEvents(stream, { events: [Paid] }), store.readAll()]) {
        const [event] = await read.toArray();
        for (const part of everyPart(event))
          assert.ok(
            Object.isFrozen(part),
            `not frozen: ${JSON.stringify(part, (_, value) => (typeof value === 'bigint' ? String(value) : value))}`,
          );
      }
    },
  },
  {
    name: 'events are plain objects that survive structuredClone',
    run: async ({ store }) => {
      const stream = aStream();
      await store.appendEvents(
        stream,
        [anEvent({ data: { list: [1, { a: null }] }, metadata: { m: 1 }, tags: ['x'], tenantId: 't' })],
        anyVersion,
      );
      const [event] = (await readStream(store, stream)) as [StoredEvent];
      assert.equal(Object.getPrototypeOf(event), Object.prototype);
      assert.deepEqual(structuredClone(event), event);
    },
  },
  {
    name: 'what the caller does to its objects after an append changes nothing',
    run: async ({ store }) => {
      const stream = aStream();
      const data = { list: [1] };
      const metadata = { list: [1] };
      const tags = ['a'];
      const appending = store.appendEvents(stream, [anEvent({ data, metadata, tags })], anyVersion);
      data.list.push(2);
      metadata.list.push(2);
      tags.push('b');
      await appending;
      data.list.push(3);
      const [event] = await readStream(store, stream);
      assert.deepEqual([event?.data, event?.metadata, event?.tags], [{ list: [1] }, { list: [1] }, ['a']]);
    },
  },
  {
    name: 'events of another store can be appended as they are: a copy is possible',
    run: async ({ store, open }) => {
      const source = aStream();
      const context = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=b' };
      await store.appendEvents(source, [anEvent({ ...context, tags: ['x'], actorId: 'me' })], anyVersion);
      const [{ id: _id, aggregateId: _aggregateId, position: _position, recordedAt: _recordedAt, ...fields }] = (await readStream(
        store,
        source,
      )) as [StoredEvent];
      const target = { ...source, aggregateId: 'copy' };
      const copier = await open();
      await copier.appendEvents(target, [anEvent({ ...fields, id: 'copied' })], { expectedVersion: 0 });
      const [copy] = (await readStream(copier, target)) as [StoredEvent];
      assert.deepEqual({ ...copy }, { ...copy, ...fields, id: 'copied', aggregateId: 'copy' });
    },
  },
];
