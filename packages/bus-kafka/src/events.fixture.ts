import { type DomainEvent, uuidV7 } from '@es/core';

/** An event of an aggregate, as an importer would build it. */
export function eventOf(aggregateId: string, version: number, fields: Partial<DomainEvent> = {}): DomainEvent {
  const id = uuidV7();
  return {
    id,
    type: 'Counted',
    schemaVersion: 1,
    occurredAt: '2026-01-02T03:04:05.678Z',
    aggregateType: 'Counter',
    aggregateId,
    version,
    data: { version },
    correlationId: id,
    causationId: id,
    metadata: {},
    ...fields,
  };
}

/** The events of several aggregates, in turn: first those of version 1, then those of version 2. */
export function eventsOf(aggregates: number, each: number, name = 'counter'): DomainEvent[] {
  return Array.from({ length: each }, (_, round) =>
    Array.from({ length: aggregates }, (__, index) => eventOf(`${name}-${index}`, round + 1)),
  ).flat();
}

/** Parts of a list, each of so many at most. */
export function chunksOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
