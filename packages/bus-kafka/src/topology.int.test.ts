import { randomUUID } from 'node:crypto';
import { ALL_EVENTS } from '@es/core';
import { eventOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { until } from '@es-internal/services/until';
import { describeWithKafka } from '@es-internal/services/vitest/use-kafka';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBus } from './bus.fixture.ts';
import { KafkaEventBus } from './index.ts';
import { confluentFolder } from './location.fixture.ts';

describeWithKafka('topics', ({ brokers, prefix }) => {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  beforeAll(() => admin.connect());
  afterAll(() => admin.disconnect());
  const name = (): string => `${prefix}${randomUUID()}`;
  const create = async (topic: string, numPartitions: number): Promise<void> => {
    await admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: false });
    await until(
      () =>
        partitionsOf(topic).then(
          (count) => count === numPartitions,
          () => false,
        ),
      'the topic is there',
    );
  };
  const partitionsOf = async (topic: string): Promise<number | undefined> =>
    (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]?.partitions.length;

  test('are made with the partitions asked for, by whoever comes first, publisher or consumer', async () => {
    const [published, consumed] = [name(), name()];
    await using publisher = openBus({ brokers, topic: published, partitions: 5 });
    await using consumer = openBus({ brokers, topic: consumed, partitions: 4, consumerGroup: consumed });
    await Promise.all([publisher.publish([eventOf('a', 1)]), consumer.startConsuming()]);
    expect([await partitionsOf(published), await partitionsOf(consumed)]).toEqual([5, 4]);
  });

  test('that are other than asked for are an error which says how they are', async () => {
    const topic = name();
    await create(topic, 2);
    await using bus = openBus({ brokers, topic, partitions: 5, consumerGroup: topic });
    const message = expect.stringMatching(/has 2 partitions and a replication factor of 1; asked for were 5 and 1/);
    await expect(bus.startConsuming()).rejects.toMatchObject({ code: 'ES_BROKER_TOPOLOGY', message });
    await expect(bus.publish([eventOf('a', 1)])).rejects.toMatchObject({ code: 'ES_PUBLISH_UNROUTABLE', message });
  });

  test('that are taken as they are work, whatever they are', async () => {
    const topic = name();
    await create(topic, 2);
    await using bus = new KafkaEventBus({ brokers, topic });
    await expect(bus.publish([eventOf('a', 1)])).resolves.toBeUndefined();
  });

  test('that can not be are an error of the broker in words', async () => {
    await using bus = openBus({ brokers, topic: name(), replicationFactor: 7 });
    await expect(bus.publish([eventOf('a', 1)])).rejects.toMatchObject({
      code: 'ES_PUBLISH_REFUSED',
      // The one tells what is wrong in the broker's words, the other in its own.
      message: expect.stringMatching(
        confluentFolder === undefined
          ? /replication-factor is invalid.*`replicationFactor`/is
          : /replication.factor.*`replicationFactor`/is,
      ),
    });
  });

  test('that are missing are not made against the wish: nothing is published, and consuming can not begin', async () => {
    const topic = name();
    await using bus = openBus({ brokers, topic, createTopics: false, consumerGroup: topic });
    await expect(bus.publish([eventOf('a', 1)])).rejects.toMatchObject({
      code: 'ES_PUBLISH_UNROUTABLE',
      message: expect.stringContaining('createTopics'),
    });
    await expect(bus.startConsuming()).rejects.toMatchObject({ code: 'ES_BROKER_TOPOLOGY' });
    expect(await admin.listTopics()).not.toContain(topic);
    await create(topic, 3);
    await bus.publish([eventOf('a', 1)]);
  });

  test('can be one for each aggregate type; a group consumes those that it names', async () => {
    const base = name();
    const options = { brokers, topic: (type: string) => `${base}.${type.toLowerCase()}`, consumerGroup: base };
    await using bus = openBus({ ...options, aggregateTypes: ['Order', 'Customer'] });
    const ledger = new Ledger();
    bus.subscribe(ALL_EVENTS, ledger.handler(), { name: 'count' });
    await bus.startConsuming();
    const events = ['Order', 'Customer', 'Invoice'].map((aggregateType) => eventOf(aggregateType, 1, { aggregateType }));
    await bus.publish(events);
    await until(() => ledger.has(events.slice(0, 2)), 'both are handled');
    expect(ledger.size).toBe(2);
    expect(await partitionsOf(`${base}.invoice`)).toBe(3);
    await using without = openBus(options);
    await expect(without.startConsuming()).rejects.toMatchObject({
      code: 'ES_INVALID_ARGUMENT',
      message: expect.stringContaining('aggregateTypes'),
    });
  });
});
