import fc from 'fast-check';
import type { EncodedMessage, EventCodec, MessageProtocol, MessageToDecode } from '../bus/event-codec.ts';
import type { DomainEvent } from '../events/event.ts';
import type { JsonValue } from '../events/json.ts';
import { uuidV7 } from '../events/uuid-v7.ts';
import { isAttributeText } from './cloud-event-text.ts';

/** An event with all that an envelope can have. */
export const fullEvent: DomainEvent = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  type: 'TaskCreated',
  schemaVersion: 2,
  occurredAt: '2026-05-01T10:00:00.123Z',
  aggregateType: 'Task',
  aggregateId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  version: 7,
  data: { title: 'größe 😀', due: null },
  correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  causationId: '550e8400-e29b-41d4-a716-446655440000',
  actorId: 'änne',
  tenantId: '6fa459ea-ee8a-4ca4-894e-db77e160355e',
  metadata: { from: { ip: '::1' } },
  tags: ['a', 'ü'],
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'vendor=1',
};

/** A message as a broker hands it over: fields as text, the body as bytes. */
export function delivered({ headers, contentType, body }: EncodedMessage): MessageToDecode {
  const texts = Object.entries(headers).map(([name, value]) => [name, String(value)]);
  return { headers: { ...Object.fromEntries(texts), 'content-type': contentType }, body: new TextEncoder().encode(body) };
}

/** The event after its way over a broker. */
export function travelled(codec: EventCodec, event: DomainEvent, protocol: MessageProtocol): DomainEvent {
  return codec.decode(delivered(codec.encode(event, protocol)), protocol);
}

const text = fc.string({ unit: 'binary', minLength: 1 }).filter(isAttributeText);
const count = fc.integer({ min: 1, max: 2 ** 31 - 1 });
/** What JSON can hold, with odd keys and lone surrogates; zero has no sign there. */
const json: fc.Arbitrary<JsonValue> = fc
  .jsonValue({ noUnicodeString: false, maxDepth: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonValue);
const record = fc.dictionary(fc.string({ unit: 'binary' }), json, { maxKeys: 5, noNullPrototype: true });

/** Any event that could be published. */
export const anyEvent: fc.Arbitrary<DomainEvent> = fc
  .record(
    {
      id: text,
      type: text,
      schemaVersion: count,
      occurredAt: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }).map((date) => date.toISOString()),
      aggregateType: text,
      aggregateId: text,
      version: count,
      data: json,
      actorId: text,
      tenantId: text,
      tags: fc.uniqueArray(text, { maxLength: 5 }),
      traceparent: fc.constant('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'),
      tracestate: text,
    },
    { requiredKeys: ['id', 'type', 'schemaVersion', 'occurredAt', 'aggregateType', 'aggregateId', 'version', 'data'] },
  )
  .chain((event) =>
    fc.record({ correlationId: text, causationId: text, metadata: record }).map((more): DomainEvent => ({ ...event, ...more })),
  );

/** Any event that eventsource-py could be sent: ids are UUIDs, and data is an object. */
export const anyPythonEvent: fc.Arbitrary<DomainEvent> = fc.tuple(anyEvent, record).map(([{ tenantId, ...event }, data]) => ({
  ...event,
  id: uuidV7(),
  aggregateId: uuidV7(),
  correlationId: uuidV7(),
  causationId: uuidV7(),
  ...(tenantId === undefined ? {} : { tenantId: uuidV7() }),
  data,
}));
