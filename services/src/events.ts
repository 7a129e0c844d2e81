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

/** Versions 1 to `each` of several aggregates, in turn: all first versions, then all second ones. */
export function eventsOf(aggregates: number, each: number, name = 'counter'): DomainEvent[] {
  const versions = Array.from({ length: each }, (_, index) => index + 1);
  return versions.flatMap((version) => Array.from({ length: aggregates }, (_, index) => eventOf(`${name}-${index}`, version)));
}
