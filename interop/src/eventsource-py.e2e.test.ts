import { randomUUID } from 'node:crypto';
import { KafkaEventBus } from '@es/bus-kafka';
import { RabbitMQEventBus } from '@es/bus-rabbitmq';
import { type BrokerEventBusOptions, type DomainEvent, type EventBus, eventSourcePy } from '@es/core';
import { createTracing } from '@es/otel';
import { createTelemetryRecorder, type TelemetryRecorder } from '@es/testing';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { asEvent, ownEvents, pythonEvents, TaskCreated } from './events.fixture.ts';
import { type PythonBroker, PythonService } from './python-service.ts';
import { describeWithPython } from './use-python.ts';

const app = createTracing('app');
const codec = eventSourcePy();
const options: BrokerEventBusOptions = { codec, consumerGroup: 'typescript', events: [TaskCreated] };

let recorder: TelemetryRecorder;
beforeEach(() => {
  recorder = createTelemetryRecorder();
});
afterEach(() => recorder.stop());

/** A place where both languages meet. */
interface Meeting {
  readonly broker: PythonBroker;
  readonly destination: string;
  readonly publishSpan: string;
  open(): EventBus;
}

function bothWays(python: string, meet: () => Meeting): void {
  test('what a service in Python publishes is handled here, within its trace', async () => {
    const { broker, destination, open } = meet();
    await using bus = open();
    const handled: DomainEvent[] = [];
    bus.subscribe(TaskCreated, (event) => handled.push(event), { name: 'h' });
    await bus.startConsuming();
    const events = pythonEvents();
    await using publisher = new PythonService(python, { ...broker, publish: events });
    await publisher.ended();
    await vi.waitFor(() => expect(handled).toHaveLength(events.length), { timeout: 30_000 });
    await bus.stop();

    for (const id of new Set(events.map(({ aggregate_id }) => aggregate_id))) {
      const ofAggregate = events.filter(({ aggregate_id }) => aggregate_id === id);
      expect(handled.filter(({ aggregateId }) => aggregateId === id)).toMatchObject(ofAggregate.map(asEvent));
    }
    const request = publisher.spans.find(({ name }) => name === 'python request');
    const parents = new Set(publisher.spans.map(({ spanId }) => spanId));
    const processed = recorder.spans(`process ${destination}`);
    expect(processed).toHaveLength(events.length);
    for (const { traceId, parentSpanId, links } of processed) {
      expect(traceId).toBe(request?.traceId);
      expect(parents).toContain(parentSpanId);
      expect(links).toMatchObject([{ traceId, spanId: parentSpanId }]);
    }
  });

  test('what is published here is handled by a service in Python, within its trace, and says the same there', async () => {
    const { broker, publishSpan, open } = meet();
    await using bus = open();
    // Makes the topic or the exchange, before Python looks for it.
    await bus.startConsuming();
    const events = ownEvents();
    await using consumer = new PythonService(python, { ...broker, consume: events.length });
    await consumer.ready();
    await app.span('request', () => bus.publish(events));
    await consumer.ended();
    await bus.stop();

    expect(consumer.events.map((event) => codec.decode({ headers: {}, body: JSON.stringify(event) }, 'kafka'))).toEqual(events);
    const { traceId, spanId } = recorder.span(publishSpan);
    expect(traceId).toBe(recorder.span('request').traceId);
    const consumed = consumer.spans.filter(({ kind }) => kind === 'CONSUMER');
    expect(new Set(consumed.map((span) => span.traceId))).toEqual(new Set([traceId]));
    expect(consumed.filter(({ parentSpanId }) => parentSpanId === spanId)).toHaveLength(events.length);
  });
}

describeWithPython('with services on eventsource-py', (python) => {
  describeWithKafka('over Kafka', ({ brokers, prefix }) => {
    bothWays(python, () => {
      const name = `${prefix}${randomUUID()}`;
      const topic = `${name}.stream`;
      return {
        // A group is the cluster's, whatever its topic.
        broker: { system: 'kafka', url: brokers.join(), name, group: `${name}.python` },
        destination: topic,
        publishSpan: `send ${topic}`,
        open: () => new KafkaEventBus({ ...options, brokers, topic, consumerGroup: `${name}.typescript` }),
      };
    });
  });

  describeWithRabbitMQ('over RabbitMQ', ({ url }) => {
    bothWays(python, () => {
      const exchange = `events-${randomUUID()}`;
      return {
        broker: { system: 'rabbitmq', url, name: exchange, group: 'python' },
        destination: exchange,
        publishSpan: `publish ${exchange}`,
        open: () => new RabbitMQEventBus({ ...options, url, exchange }),
      };
    });
  });
});
