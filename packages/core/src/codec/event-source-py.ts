import type { EncodedMessage, EventCodec, MessageProtocol } from '../bus/event-codec.ts';
import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { DomainEvent } from '../events/event.ts';
import type { JsonObject } from '../events/json.ts';
import { readPythonEvent } from './event-source-py-decoding.ts';
import { envelopeFields, extrasKey, isObject, isUuid } from './event-source-py-fields.ts';
import { isTime } from './utc-time.ts';

/**
 * Events as the Python library eventsource-py writes and reads them on Kafka and RabbitMQ, so that services of both languages share a broker.
 *
 * The body is one flat JSON object with the fields of the envelope and, beside them, those of the event's data; so data must be an object
 * without a field of the envelope's names. The ids of event, aggregate, tenant, correlation and causation must be UUIDs. The schema version is
 * `event_version`; tags and the trace context stored with the event, for which the format has no fields, travel in `metadata.es_envelope`.
 * Times that come from Python are cut to milliseconds.
 */
export function eventSourcePy(): EventCodec {
  return { encode: pythonMessage, decode: ({ body }) => readPythonEvent(body) };
}

function pythonMessage(event: DomainEvent, protocol: MessageProtocol): EncodedMessage {
  assertEncodable(event);
  const body = {
    event_id: event.id,
    event_type: event.type,
    event_version: event.schemaVersion,
    occurred_at: event.occurredAt,
    aggregate_id: event.aggregateId,
    aggregate_type: event.aggregateType,
    aggregate_version: event.version,
    tenant_id: event.tenantId ?? null,
    actor_id: event.actorId ?? null,
    correlation_id: event.correlationId,
    causation_id: event.causationId,
    metadata: metadataOf(event),
    ...(event.data as JsonObject),
  };
  return { contentType: 'application/json', headers: headersOf(event, protocol), body: JSON.stringify(body) };
}

function headersOf(event: DomainEvent, protocol: MessageProtocol): Record<string, string | number> {
  const common = {
    event_type: event.type,
    aggregate_type: event.aggregateType,
    aggregate_id: event.aggregateId,
    correlation_id: event.correlationId,
    causation_id: event.causationId,
    ...(event.tenantId === undefined ? {} : { tenant_id: event.tenantId }),
  };
  return protocol === 'kafka'
    ? { event_id: event.id, ...common, aggregate_version: String(event.version), occurred_at: event.occurredAt }
    : { ...common, aggregate_version: event.version, 'x-retry-count': 0 };
}

function metadataOf({ metadata, tags, traceparent, tracestate }: DomainEvent): JsonObject {
  if (tags === undefined && traceparent === undefined && tracestate === undefined) return metadata;
  const extras = {
    ...(tags === undefined ? {} : { tags }),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(tracestate === undefined ? {} : { tracestate }),
  };
  return { ...metadata, [extrasKey]: extras };
}

function assertEncodable(event: DomainEvent): void {
  const { id, aggregateId, tenantId, correlationId, causationId, data, metadata } = event;
  for (const [field, value] of Object.entries({ id, aggregateId, tenantId, correlationId, causationId })) {
    if (value !== undefined && !isUuid(value)) refuse(event, `\`${field}\` must be a UUID`);
  }
  if (!isTime(event.occurredAt)) refuse(event, '`occurredAt` must be a time as in 2026-05-01T10:00:00.000Z');
  if (!isObject(data)) refuse(event, '`data` must be an object');
  const taken = Object.keys(data).find((key) => envelopeFields.has(key));
  if (taken !== undefined) refuse(event, `\`data\` must not have a field \`${taken}\`, which belongs to the envelope`);
  if (Object.hasOwn(metadata, extrasKey)) refuse(event, `\`metadata\` must not have a field \`${extrasKey}\`, which the codec itself uses`);
}

function refuse({ id, type }: DomainEvent, rule: string): never {
  throw new InvalidArgumentError(
    `Event ${JSON.stringify(id)} (${JSON.stringify(type)}) can't be written for eventsource-py: ${rule}. Nothing was published.`,
  );
}
