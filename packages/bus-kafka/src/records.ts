import type { EventCodec, IncomingMessage, MessageHeaders, OutgoingMessage, Route } from '@es/core';
import {
  ATTR_MESSAGING_DESTINATION_PARTITION_ID,
  ATTR_MESSAGING_KAFKA_MESSAGE_KEY,
  ATTR_MESSAGING_KAFKA_OFFSET,
  type Attributes,
} from '@es/otel';
import type { KafkaMessage, KafkaRecord } from './kafka-client.ts';

const contentTypeHeader = 'content-type';

/** Makes a record of a message: keyed by its aggregate, so that all of that stays in one partition, in its order. */
export function toRecord({ event, headers }: OutgoingMessage, codec: EventCodec): KafkaRecord {
  const { body, contentType, headers: fields } = codec.encode(event, 'kafka');
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) text[name] = String(value);
  return { key: event.aggregateId, value: body, headers: { ...text, [contentTypeHeader]: contentType, ...headers } };
}

/** Where a record came from. Its attributes are made when they are asked for, which is for its span alone. */
class RecordRoute implements Route {
  readonly destination: string;
  readonly #partition: number;
  readonly #message: KafkaMessage;

  constructor(topic: string, partition: number, message: KafkaMessage) {
    this.destination = topic;
    this.#partition = partition;
    this.#message = message;
  }

  get attributes(): Attributes {
    const { key, offset } = this.#message;
    return {
      [ATTR_MESSAGING_DESTINATION_PARTITION_ID]: String(this.#partition),
      [ATTR_MESSAGING_KAFKA_OFFSET]: Number(offset),
      ...(key === null ? {} : { [ATTR_MESSAGING_KAFKA_MESSAGE_KEY]: key.toString() }),
    };
  }
}

/** Makes a message of a record. */
export function fromRecord(topic: string, partition: number, message: KafkaMessage): IncomingMessage {
  return {
    route: new RecordRoute(topic, partition, message),
    headers: headersOf(message),
    body: message.value ?? '',
  };
}

/** As text; of a header that is there several times the last one counts, as with a field of an object. */
function headersOf({ headers = {} }: KafkaMessage): MessageHeaders {
  const text: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) text[name] = typeof last === 'string' ? last : last.toString();
  }
  return text;
}

/** About how many bytes a record takes in a batch: its lengths in bytes, and what a batch adds to each at most. */
export function sizeOf({ key, value, headers = {} }: KafkaRecord): number {
  let size = overhead + byteLength(key) + byteLength(value);
  for (const name in headers) size += overhead + byteLength(name) + byteLength(headers[name] ?? null);
  return size;
}

/** Lengths, offset and time of a record as variable-length numbers: some bytes each. */
const overhead = 20;

function byteLength(text: string | Buffer | null): number {
  return text === null ? 0 : Buffer.byteLength(text);
}
