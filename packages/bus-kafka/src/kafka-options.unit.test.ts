import { describe, expect, test } from 'vitest';
import { KafkaDeadLetterStore, KafkaEventBus, type KafkaEventBusOptions } from './index.ts';
import { TopicNames } from './topic-names.ts';

const brokers = ['localhost:9092'];

describe('a bus can’t be made', () => {
  test.each<[string, object, RegExp]>([
    ['without brokers', {}, /either `brokers`/],
    ['with no brokers', { brokers: [] }, /either `brokers`/],
    ['with a broker without a port', { brokers: ['localhost'] }, /either `brokers`/],
    ['with brokers and a client', { brokers, client: { producer: () => undefined } }, /not both/],
    ['with half a partition', { brokers, partitions: 1.5 }, /partitions that is a whole number from 1; it got 1.5/],
    ['without copies', { brokers, replicationFactor: 0 }, /replicationFactor/],
    ['with no room', { brokers, maxInFlight: 0 }, /maxInFlight/],
    ['with a session of no length', { brokers, sessionTimeoutMs: 0 }, /sessionTimeoutMs/],
    ['with a rebalance of no length', { brokers, rebalanceTimeoutMs: -1 }, /rebalanceTimeoutMs/],
    ['with commits all the time', { brokers, commitIntervalMs: 0 }, /commitIntervalMs/],
    ['with a topic that is no name', { brokers, topic: 'a b' }, /topic of 1 to 249 letters/],
    ['with a compression that Kafka does not know', { brokers, compression: 'zip' }, /compression/],
    ['with a group whose dead letters could have no topic', { brokers, consumerGroup: 'group/1' }, /deadLetterTopic/],
  ])('%s', (_, options, message) => {
    expect(() => new KafkaEventBus(options as KafkaEventBusOptions)).toThrow(
      expect.objectContaining({ code: 'ES_INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });

  test('but such a group can name its topic', async () => {
    await using bus = new KafkaEventBus({ brokers, consumerGroup: 'group/1', deadLetterTopic: 'letters' });
    expect(bus.deadLetters).toBeDefined();
  });
});

test('consuming needs a group', async () => {
  await using bus = new KafkaEventBus({ brokers });
  await expect(bus.startConsuming()).rejects.toMatchObject({
    code: 'ES_INVALID_ARGUMENT',
    message: expect.stringContaining('consumerGroup'),
  });
});

test('a store of dead letters needs a topic', () => {
  expect(() => new KafkaDeadLetterStore({ brokers, topic: '' })).toThrow(expect.objectContaining({ code: 'ES_INVALID_ARGUMENT' }));
});

describe('topics', () => {
  test('are the same for every aggregate type', () => {
    const names = new TopicNames({ brokers });
    expect([names.of('Order'), names.of('Task'), names.consumed()]).toEqual(['events', 'events', ['events']]);
  });

  test('are made of the aggregate type, and those consumed are named by it', () => {
    const names = new TopicNames({ brokers, topic: (type) => type.slice(0, 1), aggregateTypes: ['Order', 'Offer', 'Task'] });
    expect([names.of('Order'), names.consumed()]).toEqual(['O', ['O', 'T']]);
  });

  test('must be names', () => {
    const names = new TopicNames({ brokers, topic: (type) => `${type}!` });
    expect(() => names.of('Order')).toThrow(expect.objectContaining({ message: expect.stringContaining('aggregate type Order') }));
  });
});
