import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { ALL_EVENTS } from '@es/core';
import { createTelemetryRecorder } from '@es/testing';
import { eventOf } from '@es-internal/services/events';
import { until } from '@es-internal/services/until';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { KafkaJsInstrumentation } from '@opentelemetry/instrumentation-kafkajs';
import type { Kafka, KafkaMessage } from 'kafkajs';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { KafkaEventBus } from './index.ts';

describeWithKafka('beside @opentelemetry/instrumentation-kafkajs', ({ brokers, prefix }) => {
  const recorder = createTelemetryRecorder();
  const instrumentation = new KafkaJsInstrumentation();
  // It patches what is required from now on; the classes are those that the bus imports.
  const kafkajs: typeof import('kafkajs') = createRequire(import.meta.url)('kafkajs');
  beforeEach(() => recorder.reset());
  afterAll(() => {
    instrumentation.disable();
    recorder.stop();
  });
  const client = (): Kafka => new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
  const place = (): { readonly topic: string; readonly consumerGroup: string } => {
    const topic = `${prefix}${randomUUID()}`;
    return { topic, consumerGroup: `${topic}.group` };
  };
  /** What a plain consumer, which is not ours, sees in a topic. */
  const headersIn = async (topic: string): Promise<KafkaMessage['headers']> => {
    const consumer = client().consumer({ groupId: `${topic}.raw` });
    const first = Promise.withResolvers<KafkaMessage['headers']>();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => first.resolve(message.headers) });
    const headers = await first.promise;
    await consumer.disconnect();
    return headers;
  };

  test('is at work: a plain producer gets a span from it', async () => {
    const { topic } = place();
    const producer = client().producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ value: 'x' }] });
    await producer.disconnect();
    expect(recorder.spans().filter(({ kind }) => kind === 'PRODUCER')).toHaveLength(1);
  });

  for (const [name, options] of [
    ['batches', {}],
    ['transactions', { transactionalId: `${prefix}${randomUUID()}` }],
  ] as const) {
    test(`one trace from publisher to handler, with one PRODUCER and one CONSUMER span, and our header, with ${name}`, async () => {
      const where = place();
      const bus = new KafkaEventBus({ client: client(), ...where, ...options });
      const handled: string[] = [];
      bus.subscribe(ALL_EVENTS, ({ id }) => void handled.push(id), { name: 'count' });
      await bus.startConsuming();
      await recorder.reset();
      await bus.publish([eventOf('a', 1)]);
      await until(() => handled.length === 1, 'the event is handled');
      await bus.stop();
      expect(recorder.tree()).toMatchObject([
        {
          span: { name: `send ${where.topic}`, kind: 'PRODUCER' },
          children: [{ span: { name: `process ${where.topic}`, kind: 'CONSUMER' } }],
        },
      ]);
      const kinds = recorder.spans().map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'PRODUCER' || kind === 'CONSUMER')).toEqual(expect.arrayContaining(['PRODUCER', 'CONSUMER']));
      expect(kinds.filter((kind) => kind !== 'INTERNAL')).toHaveLength(2);
      const [send] = recorder.spans(`send ${where.topic}`);
      const headers = await headersIn(where.topic);
      expect(String(headers?.['traceparent'])).toBe(`00-${send?.traceId}-${send?.spanId}-01`);
    });
  }
});
