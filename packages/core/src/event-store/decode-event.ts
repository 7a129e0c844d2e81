import { freezeJson } from '../events/deep-freeze.ts';
import { noMetadata } from '../events/draft-event.ts';
import type { StoredEvent } from '../events/event.ts';
import { readData } from '../events/event-data.ts';
import type { EventRegistry } from '../events/event-registry.ts';
import type { JsonObject } from '../events/json.ts';
import { upcastData } from '../events/upcast.ts';
import type { EventRecord } from './event-record.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Makes an event of what a storage holds. With a registry its data is upcast and validated, without one it is the stored JSON.
 *
 * @throws UnknownEventTypeError, UpcastError or EventDataError when the registry does not accept it.
 */
export function decodeEvent(record: EventRecord, registry: EventRegistry | undefined): StoredEvent {
  const metadata: JsonObject = record.metadata === null ? noMetadata : freezeJson(JSON.parse(record.metadata));
  const event: Mutable<StoredEvent> = {
    id: record.id,
    type: record.type,
    schemaVersion: record.schemaVersion,
    occurredAt: record.occurredAt,
    aggregateType: record.aggregateType,
    aggregateId: record.aggregateId,
    version: record.version,
    data: undefined,
    correlationId: record.correlationId,
    causationId: record.causationId,
    metadata,
    position: record.position,
    recordedAt: record.recordedAt,
  };
  if (record.actorId !== null) event.actorId = record.actorId;
  if (record.tenantId !== null) event.tenantId = record.tenantId;
  if (record.tags !== null) event.tags = Object.freeze([...record.tags]);
  if (record.traceparent !== null) event.traceparent = record.traceparent;
  if (record.tracestate !== null) event.tracestate = record.tracestate;
  decodeData(event, record.data, registry);
  return Object.freeze(event);
}

function decodeData(event: Mutable<StoredEvent>, text: string, registry: EventRegistry | undefined): void {
  const json: unknown = JSON.parse(text);
  if (registry === undefined) {
    event.data = freezeJson(json);
    return;
  }
  const definition = registry.definitionOf(event);
  const current = event.schemaVersion === definition.schemaVersion ? json : upcastData(definition, event, freezeJson(json));
  event.data = readData(definition, current, event.id);
  event.schemaVersion = definition.schemaVersion;
}
