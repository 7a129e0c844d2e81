import { CloudEvent, Kafka, type KafkaMessage, Mode } from 'cloudevents';
import { describe, expect, test } from 'vitest';
import type { EncodedMessage } from '../bus/event-codec.ts';
import { cloudEvents } from './cloud-events.ts';
import { fullEvent } from './codec.fixture.ts';

/** A message of ours as the official SDK takes it from Kafka. */
function toSdk({ headers, contentType, body }: EncodedMessage): CloudEvent<unknown> {
  const message: KafkaMessage = { key: '', value: body, body, headers: { ...headers, 'content-type': contentType } };
  const event = Kafka.toEvent<unknown>(message);
  if (Array.isArray(event)) throw new Error('a batch');
  return event as CloudEvent<unknown>;
}

const extensions = {
  aggregatetype: 'Task',
  schemaversion: 2,
  correlationid: fullEvent.correlationId,
  causationid: fullEvent.causationId,
  actorid: 'änne',
  tenantid: fullEvent.tenantId,
  metadata: '{"from":{"ip":"::1"}}',
  tags: '["a","ü"]',
  traceparent: fullEvent.traceparent,
  tracestate: 'vendor=1',
};

describe('the official CloudEvents SDK', () => {
  test.each(['binary', 'structured'] as const)('reads what is written in %s mode', (mode) => {
    const event = toSdk(cloudEvents({ mode }).encode(fullEvent, 'kafka'));
    expect(event.validate()).toBe(true);
    expect(event.toJSON()).toMatchObject({
      specversion: '1.0',
      id: fullEvent.id,
      source: '/Task',
      type: 'TaskCreated',
      subject: fullEvent.aggregateId,
      datacontenttype: 'application/json',
      data: fullEvent.data,
      traceparent: fullEvent.traceparent,
    });
    expect(new Date(event.time ?? '').toISOString()).toBe(fullEvent.occurredAt);
    for (const [name, value] of Object.entries(extensions)) expect([name, String(event[name])]).toEqual([name, String(value)]);
  });

  test.each([Mode.BINARY, Mode.STRUCTURED])('writes in %s mode what is read as the same event', (mode) => {
    const { id, type, occurredAt, aggregateId, data } = fullEvent;
    const event = new CloudEvent(
      {
        id,
        type,
        source: '/elsewhere',
        subject: aggregateId,
        time: occurredAt,
        datacontenttype: 'application/json',
        data,
        aggregateversion: 7,
        ...extensions,
      },
      true,
    );
    const message = mode === Mode.BINARY ? Kafka.binary(event) : Kafka.structured(event);
    const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)]);
    const body = typeof message.value === 'string' ? message.value : JSON.stringify(message.value);
    expect(cloudEvents().decode({ headers: Object.fromEntries(headers), body }, 'kafka')).toEqual(fullEvent);
  });
});
