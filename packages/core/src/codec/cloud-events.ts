import type { EncodedMessage, EventCodec, MessageProtocol, MessageToDecode } from '../bus/event-codec.ts';
import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { DomainEvent } from '../events/event.ts';
import { assertSource, attributesOf, type CloudEventAttributes, sourceOf } from './cloud-event-attributes.ts';
import { eventOf } from './cloud-event-decoding.ts';
import { attributesIn, headersOf } from './cloud-event-headers.ts';
import { parseJsonBody } from './json-body.ts';
import { attributeOf, namesWith, type ReceivedAttributes } from './received-attributes.ts';

/** How events are written as CloudEvents. */
export interface CloudEventsOptions {
  /** `binary`: attributes in headers, data alone in the body. `structured`: everything in the body, as JSON. Default `binary`. */
  readonly mode?: 'binary' | 'structured';
  /** The `source`: a URI reference that names who publishes; default: `/` and the aggregate's type. */
  readonly source?: string | ((event: DomainEvent) => string);
}

const jsonType = 'application/json';
const structuredType = 'application/cloudevents+json';
/** In JSON they are called what they are. */
const memberNames = namesWith('');

/**
 * Events as CloudEvents 1.0, by its bindings to Kafka and AMQP and its JSON format. What is received may be in either mode, with the headers of
 * either binding.
 *
 * `subject` is the aggregate's id, `time` when the event occurred. The rest of the envelope is in extensions: `aggregatetype`,
 * `aggregateversion`, `schemaversion`, `correlationid`, `causationid`, `actorid`, `tenantid`, `metadata` and `tags` (both JSON text), and
 * `traceparent` and `tracestate` for the context stored with the event. The context in which a message is published is not among them: it
 * travels in the headers of the same names without a prefix.
 *
 * @throws InvalidArgumentError when an option is none of these.
 */
export function cloudEvents(options: CloudEventsOptions = {}): EventCodec {
  const { mode = 'binary', source = sourceOf } = options;
  if (mode !== 'binary' && mode !== 'structured') {
    throw new InvalidArgumentError(`cloudEvents needs a mode that is 'binary' or 'structured'; it got ${JSON.stringify(mode)}.`);
  }
  if (typeof source !== 'function') assertSource(source);
  const sourceFor = typeof source === 'function' ? source : () => source;
  const write = mode === 'binary' ? binaryMessage : structuredMessage;
  return {
    encode(event, protocol) {
      const from = sourceFor(event);
      if (sourceFor !== sourceOf) assertSource(from);
      return write(attributesOf(event, from), event.data, protocol);
    },
    decode: readMessage,
  };
}

function binaryMessage(attributes: CloudEventAttributes, data: unknown, protocol: MessageProtocol): EncodedMessage {
  return { contentType: jsonType, headers: headersOf(attributes, protocol), body: JSON.stringify(data) };
}

function structuredMessage(attributes: CloudEventAttributes, data: unknown): EncodedMessage {
  return { contentType: structuredType, headers: {}, body: JSON.stringify({ ...attributes, datacontenttype: jsonType, data }) };
}

function readMessage({ headers, body }: MessageToDecode): DomainEvent {
  const contentType = mediaType(headers['content-type']);
  if (contentType === structuredType) return structuredEvent(parseJsonBody(body));
  if (contentType?.startsWith('application/cloudevents') === true) throw new Error(`its format ${contentType} is not ${structuredType}`);
  const attributes = attributesIn(headers);
  assertVersion(attributes);
  assertJson(contentType);
  return eventOf(attributes, body.length === 0 ? undefined : parseJsonBody(body));
}

function structuredEvent(json: unknown): DomainEvent {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new Error('its body is not a JSON object');
  const { data, data_base64, ...members } = json as Record<string, unknown>;
  // A member that is null stands for an attribute that is absent.
  const fields = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
  const attributes = { fields, names: memberNames };
  assertVersion(attributes);
  if (data_base64 !== undefined) throw new Error('its data is binary');
  const type = fields['datacontenttype'];
  assertJson(typeof type === 'string' ? mediaType(type) : undefined);
  return eventOf(attributes, data);
}

function mediaType(contentType: string | undefined): string | undefined {
  // Most are just that, and splitting takes longer than all else here.
  return contentType === jsonType ? jsonType : contentType?.split(';', 1)[0]?.trim().toLowerCase();
}

function assertVersion(attributes: ReceivedAttributes): void {
  const specversion = attributeOf(attributes, 'specversion');
  if (specversion === undefined) throw new Error('it is no CloudEvent: it has no attribute `specversion`');
  if (specversion !== '1.0') throw new Error('its attribute `specversion` is not 1.0');
}

function assertJson(contentType: string | undefined): void {
  if (contentType === undefined || contentType === jsonType || contentType.endsWith('+json')) return;
  throw new Error(`its data is ${contentType}, not ${jsonType}`);
}
