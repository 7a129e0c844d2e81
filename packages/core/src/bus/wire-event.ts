import { InvalidArgumentError } from '../errors/argument-error.ts';
import { decodeEventData } from '../events/decode-event-data.ts';
import { freezeJson } from '../events/deep-freeze.ts';
import { acceptMetadata, acceptTags, noMetadata } from '../events/draft-event.ts';
import type { DomainEvent } from '../events/event.ts';
import { jsonDataOf } from '../events/event-data.ts';
import type { EventRegistry } from '../events/event-registry.ts';
import type { JsonObject } from '../events/json.ts';
import { isJsonSafe } from '../events/validated-data.ts';

/** What a field of the envelope must be, and how to say so. */
type FieldCheck = readonly [isRight: (value: unknown) => boolean, expected: string];

const text: FieldCheck = [(value) => typeof value === 'string' && value !== '', 'text'];
const optionalText: FieldCheck = [(value) => value === undefined || typeof value === 'string', 'text or nothing'];
const count: FieldCheck = [(value) => Number.isSafeInteger(value) && Number(value) >= 1, 'a whole number from 1'];
const list: FieldCheck = [(value) => value === undefined || Array.isArray(value), 'a list or nothing'];
const optionalObject: FieldCheck = [(value) => value === undefined || isObject(value), 'an object or nothing'];

/** Data is checked by itself. */
const fieldChecks: Readonly<Record<Exclude<keyof DomainEvent, 'data'>, FieldCheck>> = {
  id: text,
  type: text,
  schemaVersion: count,
  occurredAt: text,
  aggregateType: text,
  aggregateId: text,
  version: count,
  correlationId: text,
  causationId: text,
  metadata: optionalObject,
  actorId: optionalText,
  tenantId: optionalText,
  tags: list,
  traceparent: optionalText,
  tracestate: optionalText,
};
const fieldCheckList = Object.entries(fieldChecks);

/**
 * Makes of an event that is published the one that travels: a frozen copy with data as JSON, without what belongs to a store (position, time
 * of recording). Its data is checked by its definition, if the registry has one.
 *
 * @throws InvalidArgumentError when it is not a complete event; EventDataError when its data is not valid or has no JSON form.
 */
export function toWireEvent(event: DomainEvent, registry: EventRegistry): DomainEvent {
  const fault = envelopeFault(event);
  if (fault !== undefined) {
    throw new InvalidArgumentError(
      `publish takes events as aggregates raise them or stores give them back; one has ${fault}. Nothing was published.`,
    );
  }
  const wire = frozenEvent(event, jsonDataOf(event), acceptMetadata(event.type, event.id, event.metadata ?? noMetadata));
  if (registry.has(event.type)) decodeEventData(isJsonSafe(event.data) ? event : wire, registry);
  return wire;
}

/**
 * Makes an event of parsed JSON that nobody else holds.
 *
 * @throws Error that says which field is wrong.
 */
export function fromWireEvent(json: unknown): DomainEvent {
  const fault = envelopeFault(json);
  if (fault !== undefined) throw new Error(`it has ${fault}`);
  return wireEvent(json as DomainEvent);
}

/** Makes an event of fields that are known to be right, with data and metadata of parsed JSON that nobody else holds. */
export function wireEvent(fields: EventFields): DomainEvent {
  return frozenEvent(fields, freezeJson(fields.data), fields.metadata === undefined ? noMetadata : freezeJson(fields.metadata));
}

/** What is wrong with the envelope of an event; `undefined` if nothing is. */
function envelopeFault(event: unknown): string | undefined {
  if (typeof event !== 'object' || event === null) return 'no fields';
  const fields = event as Record<string, unknown>;
  for (const [name, [isRight, expected]] of fieldCheckList) {
    if (!isRight(fields[name])) return `a field \`${name}\` that is not ${expected}`;
  }
  return undefined;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function frozenEvent(event: EventFields, data: unknown, metadata: JsonObject): DomainEvent {
  const { actorId, tenantId, tags, traceparent, tracestate } = event;
  const envelope: Mutable<DomainEvent> = {
    id: event.id,
    type: event.type,
    schemaVersion: event.schemaVersion,
    occurredAt: event.occurredAt,
    aggregateType: event.aggregateType,
    aggregateId: event.aggregateId,
    version: event.version,
    data,
    correlationId: event.correlationId,
    causationId: event.causationId,
    metadata,
  };
  if (actorId !== undefined) envelope.actorId = actorId;
  if (tenantId !== undefined) envelope.tenantId = tenantId;
  if (tags !== undefined) envelope.tags = acceptTags(tags, event.type);
  if (traceparent !== undefined) envelope.traceparent = traceparent;
  if (tracestate !== undefined) envelope.tracestate = tracestate;
  return Object.freeze(envelope);
}

/** The fields of an event, of which those that an event need not have may be there and undefined. */
export type EventFields = { readonly [Key in keyof DomainEvent]: DomainEvent[Key] | (Key extends OptionalField ? undefined : never) };

type OptionalField = 'metadata' | 'actorId' | 'tenantId' | 'tags' | 'traceparent' | 'tracestate';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
