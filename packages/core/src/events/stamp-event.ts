import type { StreamId } from '../event-store/stream-id.ts';
import type { MessageContext } from '../message/message-context.ts';
import type { DomainEvent, EventDraft } from './event.ts';

/**
 * Makes an event of a draft: the aggregate's own id, type and version, and what the message context hands on.
 *
 * Where there is no correlation id to hand on, the event starts a conversation of its own, named by its id.
 */
export function stampEvent<Type extends string, Data>(
  draft: EventDraft<Type, Data>,
  stream: StreamId,
  version: number,
  context: MessageContext,
): DomainEvent<Type, Data> {
  const correlationId = context.correlationId ?? draft.id;
  const event: DomainEvent<Type, Data> = {
    id: draft.id,
    type: draft.type,
    schemaVersion: draft.schemaVersion,
    occurredAt: draft.occurredAt,
    aggregateType: stream.aggregateType,
    aggregateId: stream.aggregateId,
    version,
    data: draft.data,
    correlationId,
    causationId: context.causationId ?? correlationId,
    metadata: draft.metadata,
    ...(context.actorId === undefined ? {} : { actorId: context.actorId }),
    ...(context.tenantId === undefined ? {} : { tenantId: context.tenantId }),
    ...(draft.tags === undefined ? {} : { tags: draft.tags }),
  };
  return Object.freeze(event);
}
