import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createTelemetryRecorder, type RecordedSpan } from '@es/testing';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { describeWithRabbitMQ } from '@es-internal/services/vitest/use-rabbitmq';
import { AmqplibInstrumentation } from '@opentelemetry/instrumentation-amqplib';
import { connect } from 'amqplib';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { consume, newPlace } from './bus.fixture.ts';

describeWithRabbitMQ('beside @opentelemetry/instrumentation-amqplib', ({ url }) => {
  const recorder = createTelemetryRecorder();
  const instrumentation = new AmqplibInstrumentation();
  // It patches what is required from now on; the classes are those that the bus uses.
  const require = createRequire(import.meta.url);
  require(join(dirname(require.resolve('amqplib')), 'lib/channel_model.js'));
  beforeEach(() => recorder.reset());
  afterAll(() => {
    instrumentation.disable();
    recorder.stop();
  });
  const kindsOf = (spans: readonly RecordedSpan[]): string[] =>
    spans
      .map(({ kind }) => kind)
      .filter((kind) => kind !== 'INTERNAL')
      .sort();

  test('an event has one trace, with one producer and one consumer span, ours, and our header', async () => {
    const place = newPlace(url);
    const ledger = new Ledger();
    const bus = await consume(place, ledger.handler());
    const connection = await connect(url);
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, place.exchange, '#');
    const event = eventOf('counter', 1);
    await bus.publish([event]);
    await ledger.untilComplete([event]);
    await bus.stop();
    const message = await channel.get(queue, { noAck: true });
    await connection.close();
    expect(recorder.spans().map(({ scope }) => scope.name)).not.toContain(instrumentation.instrumentationName);
    const producer = recorder.span(`publish ${place.exchange}`);
    expect(message).toMatchObject({
      properties: { headers: { traceparent: expect.stringContaining(`${producer.traceId}-${producer.spanId}`) } },
    });
    expect(recorder.tree()).toMatchObject([
      { span: { kind: 'PRODUCER' }, children: [{ span: { kind: 'CONSUMER', name: `process ${place.exchange}` } }] },
    ]);
  });

  test('so have those of a batch, a dead letter, and its replay', async () => {
    const ledger = new Ledger();
    const bus = await consume({ ...newPlace(url), retry: { maxAttempts: 1 } }, (event) => {
      if (ledger.has([event])) return;
      ledger.note(event);
      throw new Error('not yet');
    });
    const events = eventsOf(2, 1);
    await bus.publish(events);
    await vi.waitFor(async () => expect(await bus.deadLetters.count()).toBe(2), { timeout: 10_000 });
    expect(await bus.replayDeadLetters()).toMatchObject({ handled: 2 });
    await bus.stop();
    expect(kindsOf(recorder.spans())).toEqual(['CONSUMER', 'CONSUMER', 'CONSUMER', 'CONSUMER', 'PRODUCER']);
  });

  test('while what others send and receive by the driver has the spans of the instrumentation', async () => {
    const connection = await connect(url);
    const channel = await connection.createConfirmChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    const { promise, resolve } = Promise.withResolvers<void>();
    await channel.consume(queue, () => resolve(), { noAck: true });
    channel.sendToQueue(queue, Buffer.from('hello'));
    await channel.waitForConfirms();
    await promise;
    await connection.close();
    expect(kindsOf(recorder.spans())).toEqual(['CONSUMER', 'PRODUCER']);
  });
});
