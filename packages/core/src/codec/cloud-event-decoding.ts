import { fromWireEvent } from '../bus/wire-event.ts';
import type { DomainEvent } from '../events/event.ts';
import { parseJson } from './json-body.ts';
import { utcTime } from './utc-time.ts';

/** Attributes as they came: all text in headers; with numbers, and anything else that is wrong there, in JSON. */
export type ReceivedAttributes = Readonly<Record<string, unknown>>;

/**
 * Makes an event of a CloudEvent of anybody's. What the envelope of an event has beyond it is taken from our extensions; where those are
 * missing the schema version is 1, and the event begins a conversation of its own.
 *
 * @throws Error that names the attribute that is missing or wrong.
 */
export function eventOf(attributes: ReceivedAttributes, data: unknown): DomainEvent {
  const id = text(attributes, 'id');
  const correlationId = optional(attributes, 'correlationid') ?? id;
  return fromWireEvent({
    id,
    type: text(attributes, 'type'),
    schemaVersion: attributes['schemaversion'] === undefined ? 1 : count(attributes, 'schemaversion'),
    occurredAt: time(attributes),
    aggregateType: text(attributes, 'aggregatetype'),
    aggregateId: text(attributes, 'subject'),
    version: count(attributes, 'aggregateversion'),
    data: data === undefined ? {} : data,
    correlationId,
    causationId: optional(attributes, 'causationid') ?? correlationId,
    metadata: json(attributes, 'metadata') ?? {},
    actorId: optional(attributes, 'actorid'),
    tenantId: optional(attributes, 'tenantid'),
    tags: json(attributes, 'tags'),
    traceparent: optional(attributes, 'traceparent'),
    tracestate: optional(attributes, 'tracestate'),
  });
}

function optional(attributes: ReceivedAttributes, name: string): string | undefined {
  const value = attributes[name];
  if (value === undefined || typeof value === 'string') return value;
  throw new Error(`its attribute \`${name}\` is not text`);
}

function text(attributes: ReceivedAttributes, name: string): string {
  const value = optional(attributes, name);
  if (value === undefined || value === '') throw new Error(`it has no attribute \`${name}\``);
  return value;
}

function count(attributes: ReceivedAttributes, name: string): number {
  const value = attributes[name];
  const number = typeof value === 'number' ? value : Number(text(attributes, name));
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`its attribute \`${name}\` is not a whole number from 1`);
}

function time(attributes: ReceivedAttributes): string {
  const utc = utcTime(text(attributes, 'time'));
  if (utc === undefined) throw new Error('its attribute `time` is not a time with an offset from UTC');
  return utc;
}

function json(attributes: ReceivedAttributes, name: string): unknown {
  const value = optional(attributes, name);
  return value === undefined ? undefined : parseJson(value, `its attribute \`${name}\``);
}
