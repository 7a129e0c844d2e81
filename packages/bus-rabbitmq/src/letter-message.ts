import { createHash } from 'node:crypto';
import { type DeadLetter, type DeadLetterContent, type EventCodec, rawContent } from '@es/core';
import type { AmqpMessage, AmqpPublishOptions } from './amqp-driver.ts';
import { textHeaders } from './incoming-message.ts';

/** AMQP's type property of a letter that this package wrote; any other message in the queue came there by the broker's own doing. */
const letterType = 'es.dead-letter';

/** AMQP's type property of the message that stands behind all letters while they are looked at. */
export const markerType = 'es.dead-letters-end';

/** How letters are read that the broker made. */
export interface LetterReader {
  readonly codec: EventCodec;
  readonly deliveryLimit: number;
  /** Whose letters they are. */
  readonly source: string;
}

/** What the broker notes in a message that it takes out of a queue. */
interface Death {
  readonly exchange?: unknown;
  readonly queue?: unknown;
  readonly reason?: unknown;
  /** As AMQP's timestamp, in seconds. */
  readonly time?: { readonly value?: unknown };
}

/** The message that holds a letter. */
export function letterMessage(letter: DeadLetter): { readonly content: Buffer; readonly properties: AmqpPublishOptions } {
  return {
    content: Buffer.from(JSON.stringify(letter)),
    properties: {
      contentType: 'application/json',
      headers: {},
      mandatory: true,
      messageId: letter.id,
      persistent: true,
      type: letterType,
    },
  };
}

/** The message by which a scan knows that it has seen all letters. */
export function markerMessage(id: string): { readonly content: Buffer; readonly properties: AmqpPublishOptions } {
  return {
    content: Buffer.alloc(0),
    properties: { contentType: 'text/plain', headers: {}, mandatory: true, messageId: id, persistent: true, type: markerType },
  };
}

/** The letter in a message: one that was written as such, or one made of an event that the broker put aside. */
export function readLetter(message: AmqpMessage, reader: LetterReader): DeadLetter {
  if (message.properties.type === letterType) {
    try {
      return JSON.parse(message.content.toString('utf8'));
    } catch {
      // Someone else used our type: shown as what it is.
    }
  }
  return letterOfBroker(message, reader);
}

function letterOfBroker(message: AmqpMessage, { codec, deliveryLimit, source }: LetterReader): DeadLetter {
  const death = lastDeath(message);
  const headers = textHeaders(message);
  const time = timeOf(death, message);
  const at = new Date(time).toISOString();
  return {
    id: letterId(time, message),
    source,
    destination: death === undefined ? message.fields.routingKey : textOr(death.exchange, textOr(death.queue, message.fields.routingKey)),
    headers,
    content: contentOf(message, headers, codec),
    ...(death === undefined ? strange : putAside(death, deliveryLimit)),
    firstFailedAt: at,
    lastFailedAt: at,
  };
}

type Verdict = Pick<DeadLetter, 'attempts' | 'error' | 'reason'>;

const strange: Verdict = {
  reason: 'undecodable',
  error: { name: 'Error', message: 'Someone put it among the dead letters; it was not delivered before.' },
  attempts: 1,
};

/** How often it was delivered is noted nowhere; its limit is how often it may be delivered again. */
function putAside({ queue, reason }: Death, deliveryLimit: number): Verdict {
  return {
    reason: 'delivery-limit',
    error: {
      name: 'Error',
      message: `RabbitMQ put it aside (${textOr(reason, 'for no known reason')}): whoever it was delivered to from ${textOr(queue, 'its queue')} was lost each time, or had it in hand for longer than consumer_timeout.`,
    },
    attempts: reason === 'delivery_limit' ? deliveryLimit + 1 : 1,
  };
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}

function contentOf(message: AmqpMessage, headers: Readonly<Record<string, string>>, codec: EventCodec): DeadLetterContent {
  try {
    return { kind: 'event', event: codec.decode({ headers, body: message.content }, 'amqp') };
  } catch {
    return rawContent(message.content);
  }
}

function lastDeath({ properties }: AmqpMessage): Death | undefined {
  const deaths = properties.headers?.['x-death'];
  return Array.isArray(deaths) ? deaths[0] : undefined;
}

function timeOf(death: Death | undefined, { properties }: AmqpMessage): number {
  const seconds = [death?.time?.value, properties.timestamp].find((value) => Number.isSafeInteger(value));
  return Number(seconds ?? 0) * 1000;
}

/** The same at every reading: a UUIDv7 of the time, and of what identifies the message instead of chance. */
function letterId(time: number, { content, properties }: AmqpMessage): string {
  const identity = typeof properties.messageId === 'string' ? properties.messageId : content;
  const hash = createHash('sha256').update(identity).digest('hex');
  const hex = `${time.toString(16).padStart(12, '0')}7${hash.slice(0, 3)}8${hash.slice(3, 18)}`;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
