import type { EncodedMessage, MessageProtocol, MessageToDecode } from '../bus/event-codec.ts';
import type { CloudEventAttributes } from './cloud-event-attributes.ts';
import { attributeNames, type NamesOfAttributes, namesWith, type ReceivedAttributes } from './received-attributes.ts';

type Headers = MessageToDecode['headers'];

const kafka = namesWith('ce_');
const amqp = namesWith('cloudEvents:');
/** What the protocol bindings, in whatever version, put before the names of attributes. */
const namings = [kafka, amqp, namesWith('ce-'), namesWith('cloudEvents_')];
const lowerCaseNamings = ['ce_', 'cloudevents:', 'ce-', 'cloudevents_'].map(namesWith);

/** The headers of a CloudEvent in binary mode: text on Kafka, where there is nothing else. */
export function headersOf(attributes: CloudEventAttributes, protocol: MessageProtocol): EncodedMessage['headers'] {
  const headers: Record<string, string | number> = {};
  const isText = protocol === 'kafka';
  const names = isText ? kafka : amqp;
  for (const attribute of attributeNames) {
    const value = attributes[attribute];
    if (value !== undefined) headers[names[attribute]] = isText ? String(value) : value;
  }
  return headers;
}

/** The attributes of a CloudEvent in binary mode, by whichever binding; none if it is no CloudEvent. */
export function attributesIn(headers: Headers): ReceivedAttributes {
  return named(headers, namings) ?? named(inLowerCase(headers), lowerCaseNamings) ?? { fields: {}, names: kafka };
}

function named(fields: Headers, from: readonly NamesOfAttributes[]): ReceivedAttributes | undefined {
  for (const names of from) if (fields[names.specversion] !== undefined) return { fields, names };
  return undefined;
}

function inLowerCase(headers: Headers): Headers {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
