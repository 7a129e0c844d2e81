import { type AppendCondition, type EventStore, type EventToAppend, type StoredEvent, type StreamId, uuidV7 } from '@es/core';

/** No expectation at all. */
export const anyVersion: AppendCondition = { expectedVersion: 'any' };

/** A stream that does not exist yet. */
export function aStream(aggregateType = 'Sample'): StreamId {
  return { aggregateType, aggregateId: uuidV7() };
}

/** An event that no definition made: a plain object, as an importer would build it. */
export function anEvent(fields: Partial<EventToAppend> = {}): EventToAppend {
  return {
    id: uuidV7(),
    type: 'Happened',
    schemaVersion: 1,
    occurredAt: '2024-05-06T07:08:09.123Z',
    data: { text: 'something' },
    metadata: {},
    ...fields,
  };
}

/** Events whose data is `{ number }`, counted from 1. */
export function someEvents(count: number, fields: Partial<EventToAppend> = {}): EventToAppend[] {
  return Array.from({ length: count }, (_, index) => anEvent({ data: { number: index + 1 }, ...fields }));
}

/** Appends events to a stream that is not there yet. */
export async function newStream(store: EventStore, count: number, stream: StreamId = aStream()): Promise<StreamId> {
  await store.appendEvents(stream, someEvents(count), { expectedVersion: 'no-stream' });
  return stream;
}

/** The ids of events, in their order. */
export function idsOf(events: readonly { readonly id: string }[]): string[] {
  return events.map((event) => event.id);
}

/** The versions of events, in their order. */
export function versionsOf(events: readonly StoredEvent[]): number[] {
  return events.map((event) => event.version);
}

/** Reads a stream from its beginning. */
export function readStream(store: EventStore, stream: StreamId): Promise<StoredEvent[]> {
  return store.getEvents(stream).toArray();
}

/** The numbers from `first` to `last`. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}
