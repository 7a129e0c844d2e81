import { type EventToAppend, type StreamId, uuidV7 } from '@es/core';

/** The stream of a task. */
export function task(aggregateId: string): StreamId {
  return { aggregateType: 'Task', aggregateId };
}

/** An event to append. */
export function event(type = 'TaskCreated', data: object = {}, rest: Partial<EventToAppend> = {}): EventToAppend {
  return { id: uuidV7(), type, schemaVersion: 1, occurredAt: new Date().toISOString(), data, metadata: {}, ...rest };
}

/** Some events whose data says which they are, counted from 0. */
export function events(count: number, type?: string): EventToAppend[] {
  return Array.from({ length: count }, (_, index) => event(type, { index }));
}
