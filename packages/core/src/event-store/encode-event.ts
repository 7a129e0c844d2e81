import { currentTraceContext } from '@es/otel';
import { InvalidArgumentError } from '../errors/argument-error.ts';
import { acceptMetadata, acceptTags } from '../events/draft-event.ts';
import type { EventToAppend } from '../events/event.ts';
import { jsonDataOf, readData } from '../events/event-data.ts';
import type { EventRegistry } from '../events/event-registry.ts';
import { timeText } from '../events/time-text.ts';
import { upcastData } from '../events/upcast.ts';
import { isValidatedBy } from '../events/validated-data.ts';
import { identifierRule, isIdentifier } from '../identifier.ts';
import { currentMessageContext } from '../message/message-context.ts';
import { type ExpectedVersion, exactVersion } from './append-condition.ts';
import type { NewEventRecord } from './event-record.ts';
import type { StreamId } from './stream-id.ts';

/**
 * Checks events that are to be appended and brings them into the form in which storages hold them. The trace context is that of the span
 * which is current now, unless the event carries one already.
 *
 * @throws InvalidArgumentError when an event names another stream or version, or two have one id; EventDataError and UnknownEventTypeError
 * when its data or type is not valid.
 */
export function encodeEvents(
  stream: StreamId,
  events: readonly EventToAppend[],
  expectedVersion: ExpectedVersion,
  registry: EventRegistry | undefined,
): NewEventRecord[] {
  const before = exactVersion(expectedVersion);
  const ids = new Set<string>();
  const shared = { message: currentMessageContext(), trace: currentTraceContext() };
  return events.map((event, index) => {
    assertEnvelope(stream, event, before === undefined ? undefined : before + index + 1);
    if (ids.has(event.id))
      throw new InvalidArgumentError(`Append to ${name(stream)} holds the event id ${event.id} twice; every event needs an id of its own.`);
    ids.add(event.id);
    if (registry !== undefined) assertValid(event, registry);
    return encode(event, shared);
  });
}

interface Shared {
  readonly message: ReturnType<typeof currentMessageContext>;
  readonly trace: ReturnType<typeof currentTraceContext>;
}

function encode(event: EventToAppend, { message, trace }: Shared): NewEventRecord {
  const correlationId = event.correlationId ?? message.correlationId ?? event.id;
  const context = event.traceparent === undefined ? trace : event;
  const metadata = event.metadata ?? {};
  return {
    id: event.id,
    type: event.type,
    schemaVersion: event.schemaVersion,
    occurredAt: timeText(event.occurredAt, event.type),
    data: JSON.stringify(jsonDataOf(event)),
    correlationId,
    causationId: event.causationId ?? message.causationId ?? correlationId,
    actorId: event.actorId ?? message.actorId ?? null,
    tenantId: event.tenantId ?? message.tenantId ?? null,
    metadata: Object.keys(metadata).length === 0 ? null : JSON.stringify(acceptMetadata(event.type, event.id, metadata)),
    tags: event.tags === undefined || event.tags.length === 0 ? null : acceptTags(event.tags, event.type),
    traceparent: context?.traceparent ?? null,
    tracestate: context?.tracestate ?? null,
  };
}

function assertEnvelope(stream: StreamId, event: EventToAppend, version: number | undefined): void {
  for (const field of ['id', 'type', 'correlationId', 'causationId', 'actorId', 'tenantId'] as const) {
    const value: unknown = event?.[field];
    if (isIdentifier(value) || (value === undefined && field !== 'id' && field !== 'type')) continue;
    throw new InvalidArgumentError(
      `Append to ${name(stream)} holds an event whose ${field} is ${JSON.stringify(value)} and not ${identifierRule}; make events with their definition's create().`,
    );
  }
  if (!Number.isSafeInteger(event.schemaVersion) || event.schemaVersion < 1) {
    throw new InvalidArgumentError(
      `Event ${event.id} (${event.type}) needs a schemaVersion that is a whole number from 1; it has ${String(event.schemaVersion)}.`,
    );
  }
  if (
    (event.aggregateId ?? stream.aggregateId) !== stream.aggregateId ||
    (event.aggregateType ?? stream.aggregateType) !== stream.aggregateType
  ) {
    throw new InvalidArgumentError(
      `Event ${event.id} (${event.type}) belongs to ${event.aggregateType} ${event.aggregateId} and can't be appended to ${name(stream)}.`,
    );
  }
  if (version !== undefined && event.version !== undefined && event.version !== version) {
    throw new InvalidArgumentError(
      `Event ${event.id} (${event.type}) says that it is version ${event.version} of ${name(stream)}, but by the expected version it would be ${version}.`,
    );
  }
}

function assertValid(event: EventToAppend, registry: EventRegistry): void {
  const definition = registry.definitionOf(event);
  if (isValidatedBy(event.data, definition)) return;
  readData(definition, upcastData(definition, { ...event, metadata: event.metadata ?? {} }, jsonDataOf(event)), event.id);
}

function name(stream: StreamId): string {
  return `${stream.aggregateType} ${stream.aggregateId}`;
}
