import type { IncomingMessage, MessageHeaders } from '@es/core';
import { ATTR_MESSAGING_DESTINATION_PARTITION_ID, ATTR_MESSAGING_RABBITMQ_DESTINATION_ROUTING_KEY, type Attributes } from '@es/otel';
import type { AmqpMessage } from './amqp-driver.ts';

/** The queue that a message came from. */
export interface MessageSource {
  readonly queue: string;
  /** Absent where the group has one queue. */
  readonly partition?: string;
}

/**
 * A delivery as core takes it.
 *
 * @param wasSettled - Whether an earlier delivery was settled, if there was one.
 */
export function incomingMessage(message: AmqpMessage, source: MessageSource, wasSettled?: Promise<boolean>): IncomingMessage {
  const { exchange, routingKey } = message.fields;
  const attributes: Attributes = { [ATTR_MESSAGING_RABBITMQ_DESTINATION_ROUTING_KEY]: routingKey };
  if (source.partition !== undefined) attributes[ATTR_MESSAGING_DESTINATION_PARTITION_ID] = source.partition;
  return {
    // Published to the queue itself, past all exchanges.
    route: { destination: exchange === '' ? source.queue : exchange, attributes },
    headers: textHeaders(message),
    body: message.content,
    ...(wasSettled === undefined ? {} : { wasSettled: () => wasSettled }),
  };
}

/** Of the delivery and not of the message: it changes whenever somebody lets go of it. */
const deliveryCount = 'x-delivery-count';

/** The headers of a message that have a text form, and its content type under the name that codecs know. */
export function textHeaders({ properties }: AmqpMessage): MessageHeaders {
  const headers: Record<string, string> = {};
  const given = properties.headers ?? {};
  for (const name in given) {
    const text = textOf(given[name]);
    if (text !== undefined && name !== deliveryCount) headers[name] = text;
  }
  if (typeof properties.contentType === 'string') headers['content-type'] = properties.contentType;
  return headers;
}

/** Lists and tables, such as those by which the broker notes what became of a message, have none. */
function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : undefined;
  }
}
