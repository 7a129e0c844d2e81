import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { DomainEvent } from '../events/event.ts';
import { isAttributeText, jsonAttribute } from './cloud-event-text.ts';
import { isTime } from './utc-time.ts';

/** Attributes of a CloudEvent by name: texts and whole numbers. */
export type CloudEventAttributes = Record<string, string | number>;

/** The greatest whole number that CloudEvents have. */
const maximumInteger = 2 ** 31 - 1;
/** What a URI reference may be made of, by RFC 3986. */
const uriReference = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\dA-Fa-f]{2})+$/;

/**
 * The attributes of an event, without the type of its data: those of the specification, its distributed tracing extension for the context
 * stored with the event, and extensions of our own for the rest of the envelope.
 *
 * @throws InvalidArgumentError when an attribute can't hold what the event says.
 */
export function attributesOf(event: DomainEvent, source: string): CloudEventAttributes {
  const attributes: CloudEventAttributes = {
    specversion: '1.0',
    id: event.id,
    source,
    type: event.type,
    subject: event.aggregateId,
    time: event.occurredAt,
    aggregatetype: event.aggregateType,
    aggregateversion: event.version,
    schemaversion: event.schemaVersion,
    correlationid: event.correlationId,
    causationid: event.causationId,
  };
  if (event.actorId !== undefined) attributes['actorid'] = event.actorId;
  if (event.tenantId !== undefined) attributes['tenantid'] = event.tenantId;
  if (Object.keys(event.metadata).length > 0) attributes['metadata'] = jsonAttribute(event.metadata);
  if (event.tags !== undefined) attributes['tags'] = jsonAttribute(event.tags);
  if (event.traceparent !== undefined) attributes['traceparent'] = event.traceparent;
  if (event.tracestate !== undefined) attributes['tracestate'] = event.tracestate;
  assertValid(attributes, event);
  return attributes;
}

/** Where an event comes from unless the user says otherwise: `/` and the aggregate's type. */
export function sourceOf({ aggregateType }: DomainEvent): string {
  return `/${encodeURIComponent(aggregateType.toWellFormed())}`;
}

/** @throws InvalidArgumentError when it can't be the `source` of a CloudEvent. */
export function assertSource(source: string): void {
  if (typeof source === 'string' && uriReference.test(source)) return;
  throw new InvalidArgumentError(
    `The source of a CloudEvent must be a URI reference, such as /orders or https://example.com/orders; it is ${JSON.stringify(source)}.`,
  );
}

function assertValid(attributes: CloudEventAttributes, event: DomainEvent): void {
  for (const name in attributes) {
    const value = attributes[name];
    if (typeof value === 'number') {
      if (value > maximumInteger) refuse(event, name, `is at most ${maximumInteger}`, value);
    } else if (value !== undefined && !isAttributeText(value)) {
      refuse(event, name, 'is well-formed Unicode without control characters', value);
    }
  }
  if (!isTime(event.occurredAt)) refuse(event, 'time', 'is a time as in 2026-05-01T10:00:00.000Z', event.occurredAt);
}

function refuse(event: DomainEvent, attribute: string, rule: string, got: string | number): never {
  throw new InvalidArgumentError(
    `Event ${JSON.stringify(event.id)} (${JSON.stringify(event.type)}) can't be a CloudEvent: an attribute \`${attribute}\` ${rule}; it got ${JSON.stringify(got)}. Nothing was published.`,
  );
}
