import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MessageToDecode } from '../bus/event-codec.ts';
import type { DomainEvent } from '../events/event.ts';
import { type CloudEventsOptions, cloudEvents } from './cloud-events.ts';
import { anyEvent, delivered, fullEvent, travelled } from './codec.fixture.ts';

const codec = cloudEvents();
const kafka = { ...delivered(codec.encode(fullEvent, 'kafka')) };
const structured = delivered(cloudEvents({ mode: 'structured' }).encode(fullEvent, 'amqp'));
const members = JSON.parse(new TextDecoder().decode(structured.body as Uint8Array)) as Record<string, unknown>;

describe('an event as a CloudEvent', () => {
  test('in binary mode on Kafka has attributes as text in headers, and data alone as its body', () => {
    expect(codec.encode(fullEvent, 'kafka')).toEqual({
      contentType: 'application/json',
      headers: {
        ce_specversion: '1.0',
        ce_id: fullEvent.id,
        ce_source: '/Task',
        ce_type: 'TaskCreated',
        ce_subject: fullEvent.aggregateId,
        ce_time: '2026-05-01T10:00:00.123Z',
        ce_aggregatetype: 'Task',
        ce_aggregateversion: '7',
        ce_schemaversion: '2',
        ce_correlationid: fullEvent.correlationId,
        ce_causationid: fullEvent.causationId,
        ce_actorid: 'änne',
        ce_tenantid: fullEvent.tenantId,
        ce_metadata: '{"from":{"ip":"::1"}}',
        ce_tags: '["a","ü"]',
        ce_traceparent: fullEvent.traceparent,
        ce_tracestate: 'vendor=1',
      },
      body: '{"title":"größe 😀","due":null}',
    });
  });

  test('in binary mode on AMQP has the prefix of that binding, and numbers', () => {
    const { headers } = codec.encode(fullEvent, 'amqp');
    expect(headers).toMatchObject({ 'cloudEvents:type': 'TaskCreated', 'cloudEvents:aggregateversion': 7 });
    expect(Object.keys(headers)).toHaveLength(Object.keys(codec.encode(fullEvent, 'kafka').headers).length);
  });

  test('in structured mode is one JSON object', () => {
    const { contentType, headers } = cloudEvents({ mode: 'structured' }).encode(fullEvent, 'kafka');
    expect([contentType, headers]).toEqual(['application/cloudevents+json', {}]);
    expect(members).toMatchObject({ specversion: '1.0', datacontenttype: 'application/json', aggregateversion: 7, data: fullEvent.data });
  });

  test('has no attributes for what the event does not say', () => {
    const { actorId: _a, tenantId: _b, tags: _c, traceparent: _d, tracestate: _e, ...rest } = fullEvent;
    const { headers } = codec.encode({ ...rest, metadata: {} }, 'kafka');
    const left = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'aggregatetype', 'aggregateversion', 'schemaversion'];
    expect(Object.keys(headers)).toEqual([...left, 'correlationid', 'causationid'].map((name) => `ce_${name}`));
  });

  test.each([
    ['the aggregate’s type, as a URI reference', {}, '/Order%20line%2F%C3%BC'],
    ['a text', { source: 'https://example.com/orders' }, 'https://example.com/orders'],
    ['a function', { source: ({ type }: DomainEvent) => `urn:events:${type}` }, 'urn:events:TaskCreated'],
  ])('names its source by %s', (_by, options, source) => {
    const { headers } = cloudEvents(options).encode({ ...fullEvent, aggregateType: 'Order line/ü' }, 'kafka');
    expect(headers).toMatchObject({ ce_source: source, ce_aggregatetype: 'Order line/ü' });
  });

  test.each<[string, Partial<DomainEvent>, RegExp]>([
    ['a control character', { aggregateId: 'a\u0007' }, /`subject` is well-formed Unicode.*"a\\u0007"/],
    ['a lone surrogate', { aggregateType: '\ud800' }, /`aggregatetype`/],
    ['no character at all', { actorId: '\u{1ffff}' }, /`actorid`/],
    ['too great a version', { version: 2 ** 31 }, /`aggregateversion` is at most 2147483647; it got 2147483648/],
    ['no time', { occurredAt: 'yesterday' }, /`time` is a time/],
    ['no time that there is', { occurredAt: '2026-13-01T00:00:00Z' }, /`time` is a time/],
  ])('can not be made of %s', (_what, fields, message) => {
    expect(() => codec.encode({ ...fullEvent, ...fields }, 'kafka')).toThrow(
      expect.objectContaining({ code: 'ES_INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });

  test.each<[string, object]>([
    ['mode', { mode: 'batch' }],
    ['source', { source: '' }],
    ['source', { source: 'a b' }],
    ['source', { source: '/100%' }],
  ])('can not be made by a codec with a wrong %s', (option, options) => {
    expect(() => cloudEvents(options as CloudEventsOptions)).toThrow(
      expect.objectContaining({ code: 'ES_INVALID_ARGUMENT', message: expect.stringContaining(option) }),
    );
  });

  test('can not be made with a source that a function gets wrong', () => {
    expect(() => cloudEvents({ source: () => 'a b' }).encode(fullEvent, 'amqp')).toThrow(/source.*"a b"/);
  });
});

describe('a CloudEvent', () => {
  test.each(['binary', 'structured'] as const)('in %s mode gives back the event exactly, over either protocol', (mode) => {
    fc.assert(
      fc.property(anyEvent, fc.constantFrom('amqp', 'kafka'), (event, protocol) => {
        expect(travelled(cloudEvents({ mode }), event, protocol)).toStrictEqual(event);
      }),
    );
  });

  test('can carry large metadata', () => {
    const event = { ...fullEvent, metadata: { large: '\u007f😀'.repeat(100_000) } };
    expect(travelled(codec, event, 'kafka')).toEqual(event);
  });

  test('is frozen all through as an event', () => {
    const event = codec.decode(kafka, 'kafka');
    expect([event, event.data, event.metadata, event.metadata['from'], event.tags].every(Object.isFrozen)).toBe(true);
  });

  test.each(['ce_', 'ce-', 'cloudEvents:', 'cloudEvents_', 'CE_'])('is read by headers that begin with %s', (prefix) => {
    const headers = Object.fromEntries(Object.entries(kafka.headers).map(([name, value]) => [name.replace(/^ce_/, prefix), value]));
    expect(codec.decode({ headers, body: kafka.body }, 'amqp')).toEqual(fullEvent);
  });

  test('of somebody else’s starts a conversation at schema version 1, with its time in UTC and without data where it has none', () => {
    const headers = {
      ce_specversion: '1.0',
      ce_id: 'x',
      ce_source: '/s',
      ce_type: 'T',
      ce_subject: 'a-1',
      ce_time: '2026-05-01T12:00:00.123456+02:00',
      ce_aggregatetype: 'A',
      ce_aggregateversion: '3',
      ce_another: 'y',
      traceparent: 'that of the message',
    };
    expect(codec.decode({ headers, body: '' }, 'kafka')).toEqual({
      id: 'x',
      type: 'T',
      schemaVersion: 1,
      occurredAt: '2026-05-01T10:00:00.123Z',
      aggregateType: 'A',
      aggregateId: 'a-1',
      version: 3,
      data: {},
      correlationId: 'x',
      causationId: 'x',
      metadata: {},
    });
  });

  test.each(['id', 'type', 'subject', 'time', 'aggregatetype', 'aggregateversion', 'specversion'])('without %s is no event', (name) => {
    const missing = new RegExp(`it has no attribute \`${name}\``);
    const { [`ce_${name}`]: _h, ...headers } = kafka.headers;
    expect(() => codec.decode({ ...kafka, headers }, 'kafka')).toThrow(missing);
    const body = JSON.stringify({ ...members, [name]: null });
    expect(() => codec.decode({ ...structured, body }, 'kafka')).toThrow(missing);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['another version', { ce_specversion: '0.3' }, /`specversion` is not 1\.0/],
    ['a version that is none', { ce_aggregateversion: '0' }, /`aggregateversion` is not a whole number from 1/],
    ['metadata that is not JSON', { ce_metadata: '{secret' }, /^its attribute `metadata` is not JSON$/],
    ['metadata that is no object', { ce_metadata: '[7]' }, /^its attribute `metadata` is not an object$/],
    ['tags that are no list', { ce_tags: '7' }, /`tags` is not a list/],
    ['a time without an offset', { ce_time: '2026-05-01T10:00:00' }, /`time` is not a time with an offset/],
    ['data that is not JSON', { 'content-type': 'application/avro' }, /its data is application\/avro, not application\/json/],
    ['a batch', { 'content-type': 'application/cloudevents-batch+json' }, /format application\/cloudevents-batch\+json is not/],
  ])('with %s is no event', (_what, headers, message) => {
    expect(() => codec.decode({ ...kafka, headers: { ...kafka.headers, ...headers } }, 'kafka')).toThrow(message);
  });

  test.each<[string, object | string, RegExp]>([
    ['a list', '[]', /not a JSON object/],
    ['binary data', { ...members, data_base64: 'AA==' }, /its data is binary/],
    ['another type of data', { ...members, datacontenttype: 'text/xml; charset=utf-8' }, /its data is text\/xml/],
    ['an attribute that is no text', { ...members, subject: { a: 1 } }, /`subject` is not text/],
  ])('in structured mode that is or has %s is no event', (_what, body, message) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    expect(() => codec.decode({ ...structured, body: text }, 'kafka')).toThrow(message);
  });

  test.each<[string, MessageToDecode['body'], RegExp]>([
    ['not JSON', 'secret', /^it is not JSON$/],
    ['not text', Uint8Array.of(0xff), /^it is not text in UTF-8$/],
  ])('whose body is %s is no event, and the error keeps it to itself', (_what, body, message) => {
    expect(() => codec.decode({ ...kafka, body }, 'kafka')).toThrow(message);
  });

  test('may say more of its media type', () => {
    const headers = { ...kafka.headers, 'content-type': 'Application/vnd.task+json; charset=utf-8' };
    expect(codec.decode({ ...kafka, headers }, 'kafka')).toEqual(fullEvent);
    const { 'content-type': _, ...none } = headers;
    expect(codec.decode({ ...kafka, headers: none }, 'kafka')).toEqual(fullEvent);
  });
});
