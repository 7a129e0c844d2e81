import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DomainEvent } from '../events/event.ts';
import { anyPythonEvent, delivered, fullEvent, travelled } from './codec.fixture.ts';
import { eventSourcePy } from './event-source-py.ts';

const codec = eventSourcePy();
const { tags: _tags, traceparent: _traceparent, tracestate: _tracestate, ...plainEvent } = fullEvent;

/** What eventsource-py itself writes of an event without optional fields. */
const python = {
  event_id: fullEvent.id,
  event_type: 'TaskCreated',
  event_version: 1,
  occurred_at: '2026-05-01T10:00:00.123456Z',
  aggregate_id: fullEvent.aggregateId,
  aggregate_type: 'Task',
  aggregate_version: 1,
  tenant_id: null,
  actor_id: null,
  correlation_id: fullEvent.correlationId,
  causation_id: null,
  metadata: {},
  title: 'x',
};
const read = (fields: object): DomainEvent => codec.decode({ headers: {}, body: JSON.stringify(fields) }, 'kafka');

describe('an event for eventsource-py', () => {
  test('is one flat object', () => {
    const { contentType, body } = codec.encode(plainEvent, 'kafka');
    expect([contentType, JSON.parse(body)]).toEqual([
      'application/json',
      {
        event_id: fullEvent.id,
        event_type: 'TaskCreated',
        event_version: 2,
        occurred_at: '2026-05-01T10:00:00.123Z',
        aggregate_id: fullEvent.aggregateId,
        aggregate_type: 'Task',
        aggregate_version: 7,
        tenant_id: fullEvent.tenantId,
        actor_id: 'änne',
        correlation_id: fullEvent.correlationId,
        causation_id: fullEvent.causationId,
        metadata: { from: { ip: '::1' } },
        title: 'größe 😀',
        due: null,
      },
    ]);
  });

  test('has null for what it does not say, and no header', () => {
    const { actorId: _a, tenantId: _t, ...event } = plainEvent;
    const { headers, body } = codec.encode(event, 'kafka');
    expect(JSON.parse(body)).toMatchObject({ tenant_id: null, actor_id: null });
    expect(headers).not.toHaveProperty('tenant_id');
  });

  test('keeps under one key of its metadata what it has no field for', () => {
    const { tags, traceparent, tracestate } = fullEvent;
    expect(JSON.parse(codec.encode(fullEvent, 'amqp').body)).toHaveProperty('metadata', {
      from: { ip: '::1' },
      es_envelope: { tags, traceparent, tracestate },
    });
  });

  test('has headers as text on Kafka', () => {
    expect(codec.encode(fullEvent, 'kafka').headers).toEqual({
      event_id: fullEvent.id,
      event_type: 'TaskCreated',
      aggregate_id: fullEvent.aggregateId,
      aggregate_type: 'Task',
      aggregate_version: '7',
      occurred_at: '2026-05-01T10:00:00.123Z',
      correlation_id: fullEvent.correlationId,
      causation_id: fullEvent.causationId,
      tenant_id: fullEvent.tenantId,
    });
  });

  test('has the version as a number and a retry count on RabbitMQ', () => {
    expect(codec.encode(fullEvent, 'amqp').headers).toEqual({
      event_type: 'TaskCreated',
      aggregate_type: 'Task',
      aggregate_id: fullEvent.aggregateId,
      aggregate_version: 7,
      correlation_id: fullEvent.correlationId,
      causation_id: fullEvent.causationId,
      tenant_id: fullEvent.tenantId,
      'x-retry-count': 0,
    });
  });

  test.each<[string, Partial<DomainEvent>, RegExp]>([
    ['an id that is no UUID', { id: 'e-1' }, /`id` must be a UUID/],
    ['an aggregate whose id is no UUID', { aggregateId: 'task-1' }, /`aggregateId` must be a UUID/],
    ['a tenant whose id is no UUID', { tenantId: 'acme' }, /`tenantId` must be a UUID/],
    ['a correlation id that is no UUID', { correlationId: 'request-7' }, /`correlationId` must be a UUID/],
    ['a causation id that is no UUID', { causationId: 'request-7' }, /`causationId` must be a UUID/],
    ['data that is no object', { data: [1] }, /`data` must be an object/],
    ['data with a field of the envelope', { data: { actor_id: 1 } }, /`data` must not have a field `actor_id`/],
    ['metadata with the codec’s own key', { metadata: { es_envelope: 1 } }, /`metadata` must not have a field `es_envelope`/],
    ['no time', { occurredAt: 'yesterday' }, /`occurredAt` must be a time/],
  ])('can not be made of %s', (_what, fields, message) => {
    expect(() => codec.encode({ ...fullEvent, ...fields }, 'kafka')).toThrow(
      expect.objectContaining({ code: 'ES_INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });
});

describe('what eventsource-py wrote', () => {
  test('is an event, caused by nothing where it names no cause', () => {
    expect(read(python)).toEqual({
      id: fullEvent.id,
      type: 'TaskCreated',
      schemaVersion: 1,
      occurredAt: '2026-05-01T10:00:00.123Z',
      aggregateType: 'Task',
      aggregateId: fullEvent.aggregateId,
      version: 1,
      data: { title: 'x' },
      correlationId: fullEvent.correlationId,
      causationId: fullEvent.correlationId,
      metadata: {},
    });
  });

  test('gives back the event exactly, over either protocol', () => {
    fc.assert(
      fc.property(anyPythonEvent, fc.constantFrom('amqp', 'kafka'), (event, protocol) => {
        expect(travelled(codec, event, protocol)).toStrictEqual(event);
      }),
    );
    expect(travelled(codec, fullEvent, 'amqp')).toStrictEqual(fullEvent);
  });

  test('is frozen all through', () => {
    const event = codec.decode(delivered(codec.encode(fullEvent, 'kafka')), 'kafka');
    expect([event, event.data, event.metadata, event.metadata['from'], event.tags].every(Object.isFrozen)).toBe(true);
  });

  test.each(['event_id', 'event_type', 'occurred_at', 'aggregate_id', 'aggregate_type', 'aggregate_version', 'correlation_id'])(
    'without %s is no event',
    (name) => {
      const { [name]: _, ...rest } = python as Record<string, unknown>;
      expect(() => read(rest)).toThrow(new RegExp(`it has no field \`${name}\``));
    },
  );

  test.each<[string, object, RegExp]>([
    ['a list', [], /its body is not a JSON object/],
    ['version 0', { ...python, aggregate_version: 0 }, /`aggregate_version` is not a whole number from 1/],
    ['a number as an id', { ...python, tenant_id: 7 }, /`tenant_id` is not text/],
    ['metadata that is no object', { ...python, metadata: 'x' }, /`metadata` is not an object/],
    ['odd metadata of our own', { ...python, metadata: { es_envelope: [] } }, /`metadata.es_envelope` is not an object/],
    ['odd tags', { ...python, metadata: { es_envelope: { tags: 'x' } } }, /`tags` that is not a list/],
    ['a time without an offset', { ...python, occurred_at: '2026-05-01T10:00:00' }, /`occurred_at` is not a time with an offset/],
  ])('that is or has %s is no event', (_what, fields, message) => {
    expect(() => read(fields)).toThrow(message);
  });

  test('that is not JSON is no event, and the error keeps it to itself', () => {
    expect(() => codec.decode({ headers: {}, body: 'secret' }, 'kafka')).toThrow(/^it is not JSON$/);
  });
});
