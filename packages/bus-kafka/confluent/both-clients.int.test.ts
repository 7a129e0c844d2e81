import { randomUUID } from 'node:crypto';
import { ALL_EVENTS } from '@es/core';
import { createTelemetryRecorder } from '@es/testing';
import { eventOf, eventsOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { until } from '@es-internal/services/until';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';
import { openBus } from '../src/bus.fixture.ts';
import { KafkaEventBus } from '../src/index.ts';

interface Received {
  readonly key: string;
  readonly partition: number;
  readonly traceparent: string;
}

describeWithKafka('kafkajs and Confluent’s client on the same topics', ({ brokers, prefix }) => {
  const client = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const place = () => {
    const topic = `${prefix}${randomUUID()}`;
    const options = { topic, partitions: 6, consumerGroup: `${topic}.group`, retry: { maxAttempts: 1 } };
    return {
      topic,
      kafkajs: (): KafkaEventBus => new KafkaEventBus({ brokers, ...options }),
      confluent: (): KafkaEventBus => openBus({ brokers, ...options }),
    };
  };
  /** The records of a topic, as someone who knows of no bus reads them. */
  const recordsOf = async (topic: string, count: number): Promise<Received[]> => {
    const consumer = client.consumer({ groupId: `${topic}.onlooker` });
    const received: Received[] = [];
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message: { key, headers } }) => {
        received.push({ key: String(key), partition, traceparent: String(headers?.['traceparent']) });
      },
    });
    await until(() => received.length >= count, 'every record is read');
    await consumer.disconnect();
    return received;
  };

  test('an aggregate’s events are in one partition, whoever publishes them, and each has its trace context', async () => {
    const recorder = createTelemetryRecorder();
    const { topic, kafkajs, confluent } = place();
    await using one = kafkajs();
    await using other = confluent();
    const [before, after] = [eventsOf(200, 1), eventsOf(200, 1)];
    await one.publish(before);
    await other.publish(after);
    recorder.stop();
    const received = await recordsOf(topic, 400);
    const partitionsOf = Map.groupBy(received, ({ key }) => key);
    expect(partitionsOf.size).toBe(200);
    for (const records of partitionsOf.values()) expect(new Set(records.map(({ partition }) => partition)).size).toBe(1);
    expect(new Set(received.map(({ partition }) => partition)).size).toBe(6);
    expect(received.map(({ traceparent }) => traceparent).filter((text) => !/^00-[\da-f]{32}-[\da-f]{16}-0[01]$/.test(text))).toEqual([]);
  });

  test.each(['kafkajs', 'confluent'] as const)(
    'where %s’s member stopped the other one goes on, and repeats nothing that is done',
    async (first) => {
      const where = place();
      const [former, latter] = first === 'kafkajs' ? [where.kafkajs(), where.confluent()] : [where.confluent(), where.kafkajs()];
      const stuck = eventOf('stuck', 1);
      const others = eventsOf(20, 10);
      const [ledger, again] = [new Ledger(), new Ledger()];
      former.subscribe(
        ALL_EVENTS,
        async (event) => {
          if (event.id === stuck.id) await new Promise(() => undefined);
          ledger.note(event);
        },
        { name: 'count' },
      );
      await former.startConsuming();
      await latter.publish([stuck, ...others]);
      await until(() => ledger.has(others), 'all others are handled');
      expect(await former.stop({ deadlineMs: 0 })).toEqual({ unfinished: 1 });
      latter.subscribe(ALL_EVENTS, again.handler(), { name: 'count' });
      await latter.startConsuming();
      await until(() => again.size > 0, 'what was left is handled');
      const last = eventsOf(20, 1, 'last');
      await latter.publish(last);
      await until(() => again.has([stuck, ...last]), 'what comes after it, too');
      await latter.stop();
      again.assertComplete([stuck, ...last]);
    },
  );

  test('dead letters that one client wrote are listed, replayed and purged by the other', async () => {
    const { kafkajs, confluent } = place();
    for (const [writes, reads] of [
      [kafkajs, confluent],
      [confluent, kafkajs],
    ] as const) {
      const writer = writes();
      const poison = [eventOf('a', 1), eventOf('b', 1), eventOf('c', 1)];
      writer.subscribe(
        ALL_EVENTS,
        () => {
          throw new Error('poison');
        },
        { name: 'count' },
      );
      await writer.startConsuming();
      await writer.publish(poison);
      await until(async () => (await writer.deadLetters.count()) === 3, 'all are dead letters');
      await writer.stop();
      await using reader = reads();
      const ledger = new Ledger();
      reader.subscribe(ALL_EVENTS, ledger.handler(), { name: 'count' });
      const [letter] = await reader.deadLetters.list();
      expect(await reader.replayDeadLetter(letter?.id ?? '')).toEqual({ status: 'handled' });
      expect([ledger.size, await reader.deadLetters.purge(), await reader.deadLetters.count()]).toEqual([1, 2, 0]);
    }
  });

  test('they can’t be in one group at the same time, and whoever comes second is told so', async () => {
    const { kafkajs, confluent } = place();
    await using first = kafkajs();
    await using second = confluent();
    for (const bus of [first, second]) bus.subscribe(ALL_EVENTS, () => undefined, { name: 'count' });
    await first.startConsuming();
    await expect(second.startConsuming()).rejects.toMatchObject({
      code: 'ES_BROKER_FAILURE',
      message: expect.stringContaining('the same client'),
    });
  });
});
