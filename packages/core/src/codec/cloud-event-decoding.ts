import { wireEvent } from '../bus/wire-event.ts';
import type { DomainEvent } from '../events/event.ts';
import type { JsonObject } from '../events/json.ts';
import { parseJson } from './json-body.ts';
import { type AttributeName, attributeOf, type ReceivedAttributes } from './received-attributes.ts';
import { utcTime } from './utc-time.ts';

/**
 * Makes an event of a CloudEvent of anybody's. What the envelope of an event has beyond it is taken from our extensions; where those are
 * missing the schema version is 1, and the event begins a conversation of its own.
 *
 * @throws Error that names the attribute that is missing or wrong.
 */
export function eventOf(attributes: ReceivedAttributes, data: unknown): DomainEvent {
  const id = text(attributes, 'id');
  const correlationId = optional(attributes, 'correlationid') ?? id;
  return wireEvent({
    id,
    type: text(attributes, 'type'),
    schemaVersion: attributeOf(attributes, 'schemaversion') === undefined ? 1 : count(attributes, 'schemaversion'),
    occurredAt: time(attributes),
    aggregateType: text(attributes, 'aggregatetype'),
    aggregateId: text(attributes, 'subject'),
    version: count(attributes, 'aggregateversion'),
    data: data === undefined ? {} : data,
    correlationId,
    causationId: optional(attributes, 'causationid') ?? correlationId,
    metadata: metadata(attributes),
    actorId: optional(attributes, 'actorid'),
    tenantId: optional(attributes, 'tenantid'),
    tags: tags(attributes),
    traceparent: optional(attributes, 'traceparent'),
    tracestate: optional(attributes, 'tracestate'),
  });
}

function optional(attributes: ReceivedAttributes, name: AttributeName): string | undefined {
  const value = attributeOf(attributes, name);
  if (value === undefined || typeof value === 'string') return value;
  throw new Error(`its attribute \`${name}\` is not text`);
}

function text(attributes: ReceivedAttributes, name: AttributeName): string {
  const value = optional(attributes, name);
  if (value === undefined || value === '') throw new Error(`it has no attribute \`${name}\``);
  return value;
}

function count(attributes: ReceivedAttributes, name: AttributeName): number {
  const value = attributeOf(attributes, name);
  const number = typeof value === 'number' ? value : Number(text(attributes, name));
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new Error(`its attribute \`${name}\` is not a whole number from 1`);
}

function time(attributes: ReceivedAttributes): string {
  const utc = utcTime(text(attributes, 'time'));
  if (utc === undefined) throw new Error('its attribute `time` is not a time with an offset from UTC');
  return utc;
}

function metadata(attributes: ReceivedAttributes): JsonObject | undefined {
  const value = json(attributes, 'metadata');
  if (value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))) return value as JsonObject | undefined;
  throw new Error('its attribute `metadata` is not an object');
}

function tags(attributes: ReceivedAttributes): readonly string[] | undefined {
  const value = json(attributes, 'tags');
  if (value === undefined || Array.isArray(value)) return value;
  throw new Error('its attribute `tags` is not a list');
}

function json(attributes: ReceivedAttributes, name: AttributeName): unknown {
  const value = optional(attributes, name);
  return value === undefined ? undefined : parseJson(value, `its attribute \`${name}\``);
}
