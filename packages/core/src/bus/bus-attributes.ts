import {
  ATTR_AGGREGATE_ID,
  ATTR_AGGREGATE_TYPE,
  ATTR_EVENT_COUNT,
  ATTR_EVENT_ID,
  ATTR_EVENT_TYPE,
  ATTR_EVENT_TYPES,
  ATTR_MESSAGING_BATCH_MESSAGE_COUNT,
  ATTR_MESSAGING_CONSUMER_GROUP_NAME,
  ATTR_MESSAGING_DESTINATION_NAME,
  ATTR_MESSAGING_MESSAGE_ID,
  ATTR_MESSAGING_OPERATION_NAME,
  ATTR_MESSAGING_OPERATION_TYPE,
  ATTR_MESSAGING_SYSTEM,
  ATTR_TENANT_ID,
  type Attributes,
} from '@es/otel';
import type { DomainEvent } from '../events/event.ts';
import type { OutgoingMessage, TransportDescription } from './event-transport.ts';

/** What metrics about a bus as a whole share. */
export function connectionAttributes(description: TransportDescription): Attributes {
  return {
    ...description.attributes,
    [ATTR_MESSAGING_SYSTEM]: description.system,
    ...(description.consumerGroup === undefined ? {} : { [ATTR_MESSAGING_CONSUMER_GROUP_NAME]: description.consumerGroup }),
  };
}

/** What spans and metrics of publishing share. */
export function publishAttributes(description: TransportDescription, destination: string | undefined): Attributes {
  return {
    ...description.attributes,
    [ATTR_MESSAGING_SYSTEM]: description.system,
    [ATTR_MESSAGING_OPERATION_NAME]: description.publishOperation,
    [ATTR_MESSAGING_OPERATION_TYPE]: 'send',
    ...(destination === undefined ? {} : { [ATTR_MESSAGING_DESTINATION_NAME]: destination }),
  };
}

/** What spans and metrics of consuming share. */
export function consumeAttributes(description: TransportDescription, destination: string): Attributes {
  return {
    ...connectionAttributes(description),
    [ATTR_MESSAGING_OPERATION_NAME]: 'process',
    [ATTR_MESSAGING_OPERATION_TYPE]: 'process',
    [ATTR_MESSAGING_DESTINATION_NAME]: destination,
  };
}

/** One event on a span. */
export function eventAttributes(event: DomainEvent): Attributes {
  return {
    [ATTR_AGGREGATE_TYPE]: event.aggregateType,
    [ATTR_AGGREGATE_ID]: event.aggregateId,
    [ATTR_EVENT_TYPE]: event.type,
    [ATTR_EVENT_ID]: event.id,
    ...(event.tenantId === undefined ? {} : { [ATTR_TENANT_ID]: event.tenantId }),
  };
}

/** The messages of one publish on its span: a single one in full, several by what they have in common. */
export function messagesAttributes(messages: readonly OutgoingMessage[]): Attributes {
  const [first] = messages;
  if (first === undefined) return {};
  const { event, route } = first;
  if (messages.length === 1)
    return { ...route.attributes, ...eventAttributes(event), [ATTR_EVENT_COUNT]: 1, [ATTR_MESSAGING_MESSAGE_ID]: event.id };
  const types = [...new Set(messages.map((message) => message.event.type))].sort();
  const common = (pick: (event: DomainEvent) => string | undefined): string | undefined =>
    messages.every((message) => pick(message.event) === pick(event)) ? pick(event) : undefined;
  return {
    [ATTR_EVENT_COUNT]: messages.length,
    [ATTR_MESSAGING_BATCH_MESSAGE_COUNT]: messages.length,
    ...(types.length === 1 ? { [ATTR_EVENT_TYPE]: types[0] } : { [ATTR_EVENT_TYPES]: types }),
    [ATTR_AGGREGATE_TYPE]: common(({ aggregateType }) => aggregateType),
    [ATTR_AGGREGATE_ID]: common(({ aggregateId }) => aggregateId),
    [ATTR_TENANT_ID]: common(({ tenantId }) => tenantId),
  };
}
