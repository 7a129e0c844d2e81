import { Kafka, logLevel } from 'kafkajs';
import { expect, it } from 'vitest';
import { asKafkaAdmin } from '../kafka-admin.ts';
import { describeWithKafka } from './use-kafka.ts';

const seen: string[] = [];

describeWithKafka('a suite with Kafka', ({ brokers, prefix }) => {
  it('has topics and groups of its own', async () => {
    seen.push(prefix);
    const [topic, groupId] = [`${prefix}tasks`, `${prefix}readers`];
    const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
    const [producer, consumer] = [kafka.producer(), kafka.consumer({ groupId })];
    await Promise.all([producer.connect(), consumer.connect()]);
    await producer.send({ topic, messages: [{ value: 'hello' }] });
    await consumer.subscribe({ topic, fromBeginning: true });
    const received = Promise.withResolvers<string | undefined>();
    await consumer.run({ eachMessage: async ({ message }) => received.resolve(message.value?.toString()) });
    expect(await received.promise).toBe('hello');
    await Promise.all([producer.disconnect(), consumer.disconnect()]);
  });
});

describeWithKafka('the next suite with Kafka', ({ brokers, prefix }) => {
  it('does not see what the one before it made, which is gone', async () => {
    expect(seen).toHaveLength(1);
    expect(prefix).not.toBe(seen[0]);
    await asKafkaAdmin(brokers.join(), async (admin) => {
      const isLeft = (name: string): boolean => seen.some((before) => name.startsWith(before));
      await expect.poll(async () => (await admin.listTopics()).filter(isLeft)).toEqual([]);
      expect((await admin.listGroups()).groups.filter(({ groupId }) => isLeft(groupId))).toEqual([]);
    });
  });
});
