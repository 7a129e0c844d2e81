import { randomUUID } from 'node:crypto';
import { type DomainEvent, defineEvent, uuidV7 } from '@es/core';
import { z } from 'zod';

/** As `python/service.py` defines it, too. */
export const TaskCreated = defineEvent('TaskCreated', { schema: z.object({ title: z.string(), priority: z.int().nullish() }) });

/** The fields of an event as Python is told to publish it; its id and its time are Python's. */
export interface PythonFields {
  readonly aggregate_id: string;
  readonly aggregate_version: number;
  readonly title: string;
  readonly priority?: number;
  readonly tenant_id?: string;
  readonly actor_id?: string;
  readonly correlation_id?: string;
  readonly causation_id?: string;
  readonly metadata?: object;
}

/** Events of two aggregates; the first one has all that an envelope can have. */
export function pythonEvents(): PythonFields[] {
  const [one, other] = [randomUUID(), randomUUID()];
  const plain = (aggregate_id: string, aggregate_version: number): PythonFields => ({
    aggregate_id,
    aggregate_version,
    title: `größe ${aggregate_version} 😀`,
  });
  const full: PythonFields = {
    ...plain(one, 1),
    priority: 3,
    tenant_id: randomUUID(),
    actor_id: 'änne',
    correlation_id: randomUUID(),
    causation_id: randomUUID(),
    metadata: { from: { ip: '::1' } },
  };
  return [full, ...[2, 3, 4, 5].map((version) => plain(one, version)), ...[1, 2].map((version) => plain(other, version))];
}

/** What of such an event is known before it is published, as an event. */
export function asEvent({ aggregate_id, aggregate_version, title, priority, metadata, ...envelope }: PythonFields): object {
  const { tenant_id, actor_id, correlation_id, causation_id } = envelope;
  return {
    type: 'TaskCreated',
    schemaVersion: 1,
    aggregateType: 'Task',
    aggregateId: aggregate_id,
    version: aggregate_version,
    data: { title, priority: priority ?? null },
    metadata: metadata ?? {},
    ...(tenant_id === undefined ? {} : { tenantId: tenant_id, actorId: actor_id }),
    ...(correlation_id === undefined ? {} : { correlationId: correlation_id, causationId: causation_id }),
  };
}

/** Events of one aggregate with all that an envelope can have, also that for which Python has no field. */
export function ownEvents(): DomainEvent[] {
  const aggregateId = randomUUID();
  return [1, 2, 3].map((version) => ({
    id: uuidV7(),
    type: 'TaskCreated',
    schemaVersion: 1,
    occurredAt: '2026-05-01T10:00:00.123Z',
    aggregateType: 'Task',
    aggregateId,
    version,
    data: { title: `größe ${version} 😀`, priority: version },
    correlationId: randomUUID(),
    causationId: randomUUID(),
    actorId: 'änne',
    tenantId: randomUUID(),
    metadata: { from: { ip: '::1' } },
    tags: ['a', 'ü'],
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  }));
}
