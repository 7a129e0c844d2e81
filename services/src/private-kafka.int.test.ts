import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';
import { expect, it, type TestContext } from 'vitest';
import { createCertificate } from './certificate.ts';
import { ServiceUnavailable } from './errors.ts';
import { asKafkaAdmin } from './kafka-admin.ts';
import { startPrivateKafka } from './private-kafka.ts';
import { FaultyProxy } from './proxy.ts';

const skipUnavailable = (skip: TestContext['skip'], failure: unknown): never => {
  if (failure instanceof ServiceUnavailable) skip(failure.message);
  throw failure;
};

const send = async (config: KafkaConfig, topic: string, value: string): Promise<void> => {
  const producer = new Kafka({ logLevel: logLevel.NOTHING, ...config }).producer();
  await producer.connect();
  try {
    await producer.send({ topic, acks: -1, messages: [{ value }] });
  } finally {
    await producer.disconnect();
  }
};

const messagesIn = async (brokers: readonly string[], topic: string): Promise<number> => {
  const offsets = await asKafkaAdmin(brokers.join(), (admin) => admin.fetchTopicOffsets(topic));
  return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
};

// Several starts of Java on a machine that has other things to do take their time.
const patience = { timeout: 180_000 };

it(
  'a private Kafka of another version talks TLS, asks for a login, sends clients through a proxy, and survives a kill',
  patience,
  async ({ skip }) => {
    try {
      await using proxy = await FaultyProxy.open();
      const tls = await createCertificate();
      await using kafka = await startPrivateKafka({ version: '4.1.0', advertisedPorts: [proxy.port], tls, users: { alice: 'se"cret' } });
      proxy.target = kafka.nodes[0].listener;
      const retry = { retries: 0 };
      const ssl = { ca: [tls.ca] };
      // The client notes something in the object that it is given: each one gets its own.
      const login = (password: string): SASLOptions => ({ mechanism: 'plain', username: 'alice', password });
      await asKafkaAdmin(kafka.directBrokers.join(), (admin) => admin.createTopics({ topics: [{ topic: 'kept' }], waitForLeaders: true }));
      await send({ brokers: kafka.brokers, ssl, sasl: login('se"cret') }, 'kept', '42');
      expect(await messagesIn(kafka.directBrokers, 'kept')).toBe(1);
      await expect(send({ brokers: kafka.brokers, ssl, sasl: login('guess'), retry }, 'kept', '')).rejects.toThrow(/authentication/i);
      await expect(send({ brokers: kafka.brokers, sasl: login('se"cret'), retry }, 'kept', '')).rejects.toThrow();
      proxy.refuse();
      await expect(send({ brokers: kafka.brokers, ssl, sasl: login('se"cret'), retry }, 'kept', '')).rejects.toThrow(/ECONNREFUSED/);
      await kafka.kill();
      await expect(messagesIn(kafka.directBrokers, 'kept')).rejects.toThrow(/ECONNREFUSED/);
      await kafka.start();
      await expect.poll(() => messagesIn(kafka.directBrokers, 'kept').catch(() => undefined), { timeout: 20_000 }).toBe(1);
    } catch (failure) {
      skipUnavailable(skip, failure);
    }
  },
);

it('a leader that dies is replaced by another node of a private Kafka with two', patience, async ({ skip }) => {
  try {
    await using kafka = await startPrivateKafka({ nodes: 2 });
    const leaderOf = async (topic: string): Promise<number | undefined> => {
      const { topics } = await asKafkaAdmin(kafka.directBrokers.join(), (admin) => admin.fetchTopicMetadata({ topics: [topic] }));
      return topics[0]?.partitions[0]?.leader;
    };
    const replicaAssignment = [{ partition: 0, replicas: [2, 1] }];
    await asKafkaAdmin(kafka.directBrokers.join(), (admin) =>
      admin.createTopics({ topics: [{ topic: 'moved', replicaAssignment }], waitForLeaders: true }),
    );
    await send({ brokers: kafka.brokers }, 'moved', '42');
    expect(await leaderOf('moved')).toBe(2);
    await kafka.nodes[1]?.kill();
    await expect.poll(() => leaderOf('moved').catch(() => undefined), { timeout: 20_000 }).toBe(1);
    expect(await messagesIn(kafka.brokers, 'moved')).toBe(1);
  } catch (failure) {
    skipUnavailable(skip, failure);
  }
});
