import { type Snapshot, type StreamId, uuidV7 } from '@es/core';

/** The name of an aggregate that has no snapshot yet. */
export function anAggregate(aggregateType = 'Sample'): StreamId {
  return { aggregateType, aggregateId: uuidV7() };
}

/** A snapshot of an aggregate, at version 1 unless told otherwise. */
export function aSnapshot(stream: StreamId, fields: Partial<Snapshot> = {}): Snapshot {
  return { ...stream, version: 1, stateSchemaVersion: 1, state: { text: 'state' }, createdAt: '2024-05-06T07:08:09.123Z', ...fields };
}
