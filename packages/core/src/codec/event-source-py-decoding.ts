import { fromWireEvent } from '../bus/wire-event.ts';
import type { DomainEvent } from '../events/event.ts';
import { envelopeFields, extrasKey, isObject } from './event-source-py-fields.ts';
import { parseJsonBody } from './json-body.ts';
import { utcTime } from './utc-time.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Makes an event of what eventsource-py wrote.
 *
 * @throws Error that names the field that is missing or wrong.
 */
export function readPythonEvent(body: string | Uint8Array): DomainEvent {
  const json = parseJsonBody(body);
  if (!isObject(json)) throw new Error('its body is not a JSON object');
  const correlationId = text(json, 'correlation_id');
  const { [extrasKey]: extras, ...metadata } = object(json, 'metadata');
  return fromWireEvent({
    id: text(json, 'event_id'),
    type: text(json, 'event_type'),
    schemaVersion: json['event_version'] === undefined ? 1 : count(json, 'event_version'),
    occurredAt: time(json),
    aggregateType: text(json, 'aggregate_type'),
    aggregateId: text(json, 'aggregate_id'),
    version: count(json, 'aggregate_version'),
    data: dataOf(json),
    correlationId,
    causationId: optional(json, 'causation_id') ?? correlationId,
    metadata,
    actorId: optional(json, 'actor_id'),
    tenantId: optional(json, 'tenant_id'),
    ...extrasOf(extras),
  });
}

function extrasOf(extras: unknown): Pick<DomainEvent, 'tags' | 'traceparent' | 'tracestate'> {
  if (extras === undefined) return {};
  if (!isObject(extras)) throw new Error(`its field \`metadata.${extrasKey}\` is not an object`);
  const { tags, traceparent, tracestate } = extras as Pick<DomainEvent, 'tags' | 'traceparent' | 'tracestate'>;
  return {
    ...(tags === undefined ? {} : { tags }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
  };
}

function dataOf(json: Fields): Fields {
  return Object.fromEntries(Object.entries(json).filter(([name]) => !envelopeFields.has(name)));
}

function optional(json: Fields, name: string): string | undefined {
  const value = json[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw new Error(`its field \`${name}\` is not text`);
}

function text(json: Fields, name: string): string {
  const value = optional(json, name);
  if (value === undefined || value === '') throw new Error(`it has no field \`${name}\``);
  return value;
}

function count(json: Fields, name: string): number {
  const value = json[name];
  if (value === undefined) throw new Error(`it has no field \`${name}\``);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 1) return value;
  throw new Error(`its field \`${name}\` is not a whole number from 1`);
}

function object(json: Fields, name: string): Fields {
  const value = json[name] ?? {};
  if (isObject(value)) return value;
  throw new Error(`its field \`${name}\` is not an object`);
}

function time(json: Fields): string {
  const utc = utcTime(text(json, 'occurred_at'));
  if (utc === undefined) throw new Error('its field `occurred_at` is not a time with an offset from UTC');
  return utc;
}
