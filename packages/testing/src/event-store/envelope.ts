import assert from 'node:assert/strict';
import { type EventToAppend, type StoredEvent, withMessageContext } from '@es/core';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream, readStream } from './sample-events.ts';

const full: Partial<EventToAppend> = {
  id: 'an id of the caller’s own / 😀',
  type: 'Something happened: "quoted"',
  schemaVersion: 7,
  occurredAt: '2024-05-06T07:08:09.123Z',
  data: { a: 1 },
  correlationId: 'correlation-1',
  causationId: 'causation-1',
  actorId: 'actor-1',
  tenantId: 'tenant-1',
  metadata: { 'user-agent': 'tests/1.0', nested: { list: [1, null, 'ü'] }, empty: '' },
  tags: ['red', 'größe:xl', 'with "quotes"', '😀'],
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00',
  tracestate: 'vendor=value,other=1',
};

/** The fields that a store itself gives to an event. */
function given({ position, recordedAt, ...rest }: StoredEvent): { recorded: [unknown, boolean]; rest: object } {
  return { recorded: [typeof position, new Date(recordedAt).toISOString() === recordedAt], rest };
}

export const envelope: readonly EventStoreCase[] = [
  {
    name: 'every field of an event comes back as it was, from both reads',
    run: async ({ store }) => {
      const stream = aStream();
      await store.appendEvents(stream, [anEvent(full)], anyVersion);
      const [event] = (await readStream(store, stream)) as [StoredEvent];
      const { recorded, rest } = given(event);
      assert.deepEqual(rest, { ...full, ...stream, version: 1 });
      assert.deepEqual(recorded, ['bigint', true]);
      assert.deepEqual(await store.readAll().toArray(), [event]);
    },
  },
  {
    name: 'fields that an event does not have are absent, not null',
    run: async ({ store }) => {
      const stream = aStream();
      const event = anEvent();
      await store.appendEvents(stream, [event], anyVersion);
      const [stored] = (await readStream(store, stream)) as [StoredEvent];
      const { traceparent: _, ...rest } = given(stored).rest as StoredEvent;
      assert.deepEqual(rest, { ...event, ...stream, version: 1, correlationId: event.id, causationId: event.id });
    },
  },
  {
    name: 'doubled tags are stored once, and no tags are no tags',
    run: async ({ store }) => {
      const stream = aStream();
      await store.appendEvents(stream, [anEvent({ tags: ['b', 'a', 'b'] }), anEvent({ tags: [] })], anyVersion);
      const [tagged, untagged] = await readStream(store, stream);
      assert.deepEqual([tagged?.tags, untagged?.tags], [['b', 'a'], undefined]);
    },
  },
  {
    name: 'correlation, causation, actor and tenant come from the message context, unless the event has its own',
    run: async ({ store }) => {
      const stream = aStream();
      const context = { correlationId: 'c', causationId: 'm', actorId: 'a', tenantId: 't' };
      const own = { correlationId: 'own-c', causationId: 'own-m', actorId: 'own-a', tenantId: 'own-t' };
      await withMessageContext(context, () => store.appendEvents(stream, [anEvent(), anEvent(own)], anyVersion));
      const fields = (await readStream(store, stream)).map(({ correlationId, causationId, actorId, tenantId }) => ({
        correlationId,
        causationId,
        actorId,
        tenantId,
      }));
      assert.deepEqual(fields, [context, own]);
    },
  },
  {
    name: 'the events of one append are recorded at one time',
    run: async ({ store }) => {
      const stream = aStream();
      await store.appendEvents(stream, [anEvent(), anEvent(), anEvent()], anyVersion);
      assert.equal(new Set((await readStream(store, stream)).map((event) => event.recordedAt)).size, 1);
    },
  },
];
