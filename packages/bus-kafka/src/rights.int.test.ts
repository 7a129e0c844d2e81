import { ALL_EVENTS, type DeadLetter } from '@es/core';
import { eventOf } from '@es-internal/services/events';
import { Ledger } from '@es-internal/services/ledger';
import { type PrivateKafka, startPrivateKafka } from '@es-internal/services/private-kafka';
import { until } from '@es-internal/services/until';
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, Kafka, logLevel, ResourcePatternTypes } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BusOptions, openBus } from './bus.fixture.ts';
import type { KafkaEventBus } from './index.ts';
import { confluentFolder } from './location.fixture.ts';
import { silent } from './silent-logger.fixture.ts';

type Operation = 'CREATE' | 'DELETE' | 'DESCRIBE' | 'READ' | 'WRITE';

/** A row of the table of rights. A name that ends with a star is the beginning of names. */
interface Right {
  readonly on: 'GROUP' | 'TOPIC' | 'TRANSACTIONAL_ID';
  readonly name: string;
  readonly operations: readonly Operation[];
}

const topic = 'orders';
const letters = 'mails.dead-letters';

const publishing: readonly Right[] = [{ on: 'TOPIC', name: topic, operations: ['DESCRIBE', 'WRITE', 'CREATE'] }];
const transactions: Right = { on: 'TRANSACTIONAL_ID', name: 'orders-1', operations: ['DESCRIBE', 'WRITE'] };
const reading: Right = { on: 'TOPIC', name: topic, operations: ['DESCRIBE', 'READ'] };
const group: Right = { on: 'GROUP', name: 'mails', operations: ['READ', 'DESCRIBE', 'DELETE'] };
const readers: Right = { on: 'GROUP', name: `${letters}*`, operations: ['READ', 'DESCRIBE', 'DELETE'] };
const deadLetters: Right = { on: 'TOPIC', name: letters, operations: ['DESCRIBE', 'READ', 'WRITE', 'CREATE'] };
const purging: Right = { on: 'TRANSACTIONAL_ID', name: `${letters}*`, operations: ['DESCRIBE', 'WRITE'] };
const consuming = [reading, group, readers, deadLetters, purging];

const only = (right: Right, ...operations: readonly Operation[]): Right => ({ ...right, operations });
const except = (missing: Right): Right[] => consuming.filter((right) => right !== missing);

/** Who may do what: exactly that, and nothing else. */
const users: Readonly<Record<string, readonly Right[]>> = {
  publisher: publishing,
  transactional: [...publishing, transactions],
  consumer: consuming,
  'without-write': publishing.map((right) => only(right, 'DESCRIBE', 'CREATE')),
  'without-transactions': [...publishing, only(transactions, 'DESCRIBE')],
  'without-read': [...except(reading), only(reading, 'DESCRIBE')],
  'without-group': [...except(group), only(group, 'DESCRIBE')],
  'without-readers': [...except(readers), only(readers, 'DESCRIBE')],
  'without-purging': [...except(purging), only(purging, 'DESCRIBE')],
  'without-any-group': [reading],
};

const password = 'secret-of-all';

describe('a broker that asks for rights', () => {
  let kafka: PrivateKafka;

  /** Resolves when the broker goes by them. */
  const grant = async (): Promise<void> => {
    const admin = new Kafka({ brokers: kafka.directBrokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const acl = Object.entries(users).flatMap(([user, rights]) =>
      rights.flatMap(({ on, name, operations }) =>
        operations.map((operation) => ({
          principal: `User:${user}`,
          host: '*',
          permissionType: AclPermissionTypes.ALLOW,
          operation: AclOperationTypes[operation],
          resourceType: AclResourceTypes[on],
          resourceName: name.replace('*', ''),
          resourcePatternType: name.endsWith('*') ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
        })),
      ),
    );
    await admin.createAcls({ acl });
    const any = {
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      operation: AclOperationTypes.ANY,
      permissionType: AclPermissionTypes.ANY,
    };
    const known = async (): Promise<number> => {
      const { resources } = await admin.describeAcls(any);
      return resources.reduce((sum, { acls }) => sum + acls.length, 0);
    };
    await until(async () => (await known()) === acl.length, 'the broker knows all rights');
    await admin.disconnect();
  };

  beforeAll(async () => {
    kafka = await startPrivateKafka({
      users: Object.fromEntries(Object.keys(users).map((user) => [user, password])),
      settings: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        // Who comes past the clients' port: the broker itself, and whoever grants.
        'super.users': 'User:ANONYMOUS',
        'auto.create.topics.enable': 'false',
      },
    });
    await grant();
  });
  afterAll(() => kafka[Symbol.asyncDispose]());

  const open = (user: keyof typeof users, options: BusOptions = {}): KafkaEventBus =>
    openBus({
      brokers: kafka.brokers,
      sasl: { mechanism: 'plain', username: user, password },
      topic,
      publishTimeoutMs: 10_000,
      retry: { maxAttempts: 1 },
      ...options,
    });

  test('those of the table are enough: to publish, in transactions too; to consume, and for all that is done with dead letters', async () => {
    await using publisher = open('publisher');
    await using transactional = open('transactional', { transactionalId: 'orders-1' });
    await using consumer = open('consumer', { consumerGroup: 'mails' });
    const ledger = new Ledger();
    let isCured = false;
    consumer.subscribe(
      ALL_EVENTS,
      (event) => {
        if (event.aggregateId.startsWith('poison') && !isCured) throw new Error('poison');
        ledger.note(event);
      },
      { name: 'count' },
    );
    const poison = [eventOf('poison-1', 1), eventOf('poison-2', 1), eventOf('poison-3', 1)];
    const good = [eventOf('a', 1), eventOf('b', 1)];
    await publisher.publish([eventOf('first', 1)]);
    await consumer.startConsuming();
    await transactional.publish([...poison, ...good]);
    await until(async () => ledger.size === 3 && (await consumer.deadLetters.count()) === 3, 'all is handled, or a dead letter');
    isCured = true;
    const [letter] = await consumer.deadLetters.list();
    expect(await consumer.replayDeadLetter(letter?.id ?? '')).toEqual({ status: 'handled' });
    expect([await consumer.deadLetters.purge(), await consumer.deadLetters.count()]).toEqual([2, 0]);
  });

  test.each([
    ['without-write', {}],
    ['without-transactions', { transactionalId: 'orders-1' }],
  ] as const)('a user %s is refused, and told what to look at', async (user, options) => {
    await using bus = open(user, options);
    const event = eventOf('a', 1);
    await expect(bus.publish([event])).rejects.toMatchObject({
      code: 'ES_PUBLISH_REFUSED',
      unconfirmed: [{ id: event.id }],
      message: expect.stringMatching(/authori[sz].*lacks a right/is),
    });
  });

  test('a user without-group can’t begin to consume, and is told what to look at', async () => {
    await using bus = open('without-group', { consumerGroup: 'mails' });
    bus.subscribe(ALL_EVENTS, () => undefined, { name: 'count' });
    await expect(bus.startConsuming()).rejects.toMatchObject({
      code: 'ES_BROKER_ACCESS',
      message: expect.stringMatching(/authori[sz].*lacks a right/is),
    });
  });

  test('a user who may not even describe the group is told what to look at, though kafkajs does not know the reason', async () => {
    await using bus = open('without-any-group', { consumerGroup: 'mails', publishTimeoutMs: 500 });
    bus.subscribe(ALL_EVENTS, () => undefined, { name: 'count' });
    await expect(bus.startConsuming()).rejects.toMatchObject({
      code: confluentFolder === undefined ? 'ES_BROKER_UNAVAILABLE' : 'ES_BROKER_ACCESS',
      message: expect.stringContaining('the README of @es/bus-kafka lists'),
    });
  });

  test('a user without-read joins the group, and the log says what to look at', async () => {
    const failures: unknown[] = [];
    const logger = { ...silent, error: (fields: object | string) => void failures.push(fields) };
    await using bus = open('without-read', { consumerGroup: 'mails', logger });
    bus.subscribe(ALL_EVENTS, () => undefined, { name: 'count' });
    await bus.startConsuming();
    await until(() => failures.length > 0, 'the log has an error');
    expect(failures[0]).toMatchObject({
      err: { code: 'ES_BROKER_ACCESS', message: expect.stringMatching(/authori[sz].*lacks a right/is) },
    });
  });

  test('someone who can’t read letters, or not purge them, is told so', async () => {
    await using keeper = open('consumer', { consumerGroup: 'mails' });
    await keeper.deadLetters.add(letter());
    await using blind = open('without-readers', { consumerGroup: 'mails' });
    await using helpless = open('without-purging', { consumerGroup: 'mails' });
    const refused = { code: 'ES_BROKER_ACCESS', message: expect.stringMatching(/authori[sz].*lacks a right/is) };
    await expect(blind.deadLetters.count()).rejects.toMatchObject(refused);
    await expect(helpless.deadLetters.purge()).rejects.toMatchObject(refused);
    expect(await keeper.deadLetters.count()).toBe(1);
  });
});

function letter(): DeadLetter {
  const event = eventOf('kept', 1);
  return {
    id: event.id,
    source: 'mails',
    destination: topic,
    headers: {},
    content: { kind: 'event', event },
    reason: 'handler-failed',
    error: { name: 'Error', message: 'poison' },
    attempts: 1,
    firstFailedAt: event.occurredAt,
    lastFailedAt: event.occurredAt,
  };
}
