import type { EncodedMessage, MessageProtocol, MessageToDecode } from '../bus/event-codec.ts';
import type { CloudEventAttributes } from './cloud-event-attributes.ts';
import type { ReceivedAttributes } from './cloud-event-decoding.ts';

type Headers = MessageToDecode['headers'];

/** The attributes that are written and read here. */
const attributeNames = [
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'aggregatetype',
  'aggregateversion',
  'schemaversion',
  'correlationid',
  'causationid',
  'actorid',
  'tenantid',
  'metadata',
  'tags',
  'traceparent',
  'tracestate',
] as const;

/** Names of headers, made beforehand: they are looked up for every message. */
interface Naming {
  readonly specversion: string;
  readonly headers: readonly (readonly [attribute: string, header: string])[];
}

const kafka = namingOf('ce_');
const amqp = namingOf('cloudEvents:');
/** What the protocol bindings, in whatever version, put before the names of attributes. */
const namings = [kafka, amqp, namingOf('ce-'), namingOf('cloudEvents_')];
const lowerCaseNamings = ['ce_', 'cloudevents:', 'ce-', 'cloudevents_'].map(namingOf);

/** The headers of a CloudEvent in binary mode: text on Kafka, where there is nothing else. */
export function headersOf(attributes: CloudEventAttributes, protocol: MessageProtocol): EncodedMessage['headers'] {
  const headers: Record<string, string | number> = {};
  const isText = protocol === 'kafka';
  for (const [attribute, header] of (isText ? kafka : amqp).headers) {
    const value = attributes[attribute];
    if (value !== undefined) headers[header] = isText ? String(value) : value;
  }
  return headers;
}

/** The attributes of a CloudEvent in binary mode, by whichever binding. */
export function attributesIn(headers: Headers): ReceivedAttributes {
  return picked(headers, namings) ?? picked(inLowerCase(headers), lowerCaseNamings) ?? {};
}

function namingOf(prefix: string): Naming {
  return { specversion: `${prefix}specversion`, headers: attributeNames.map((name) => [name, prefix + name]) };
}

function picked(headers: Headers, from: readonly Naming[]): ReceivedAttributes | undefined {
  const naming = from.find(({ specversion }) => headers[specversion] !== undefined);
  if (naming === undefined) return undefined;
  const attributes: Record<string, string | undefined> = {};
  for (const [attribute, header] of naming.headers) attributes[attribute] = headers[header];
  return attributes;
}

function inLowerCase(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
