import {
  type ConsumerLag,
  cloudEvents,
  type DeadLetterStore,
  type DomainEvent,
  type EventCodec,
  type EventTransport,
  type IncomingMessage,
  InvalidArgumentError,
  type OutgoingMessage,
  PendingPublish,
  publishTimeoutOf,
  type ReceiveMessage,
  type RetryPolicy,
  type Route,
  reconnectOf,
  type TransportDescription,
  type TransportObserver,
} from '@es/core';
import { ATTR_MESSAGING_KAFKA_MESSAGE_KEY, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT, getLogger, type Logger } from '@es/otel';
import { DeadLetterLog } from './dead-letter-log.ts';
import { GroupMember } from './group-member.ts';
import { placesOf } from './group-places.ts';
import { checkCompression } from './kafka-compression.ts';
import { KafkaConnection } from './kafka-connection.ts';
import { checkLocation, type KafkaEventBusOptions, type KafkaNumbers, numbersOf } from './kafka-options.ts';
import { LetterTopic } from './letter-topic.ts';
import { PACKAGE_NAME, PACKAGE_VERSION } from './package-info.ts';
import { ProducerSession } from './producer-session.ts';
import { RecordSender } from './record-sender.ts';
import { toRecord } from './records.ts';
import { settledWithin } from './settled-within.ts';
import { SharedAdmin } from './shared-admin.ts';
import { checkTopicName, TopicNames } from './topic-names.ts';
import { Topics } from './topics.ts';

const component = 'KafkaEventBus';
const loggerName = 'eventsource.bus.kafka';
/** For how long closing waits for the broker's farewells. */
const farewellMs = 3_000;

/** Carries events over Kafka. */
export class KafkaEventTransport implements EventTransport {
  readonly description: TransportDescription;
  readonly deadLetters?: DeadLetterStore;
  readonly #options: KafkaEventBusOptions;
  readonly #codec: EventCodec;
  readonly #names: TopicNames;
  readonly #numbers: KafkaNumbers;
  readonly #reconnect: RetryPolicy;
  readonly #timeoutMs: number;
  readonly #logger: Logger;
  readonly #connection: KafkaConnection;
  readonly #admin: SharedAdmin;
  readonly #topics: Topics;
  readonly #sender: RecordSender;
  #member: GroupMember | undefined;
  #observer: TransportObserver | undefined;
  #isPaused = false;

  constructor(options: KafkaEventBusOptions) {
    checkLocation(options);
    this.#options = options;
    this.#names = new TopicNames(options);
    this.#numbers = numbersOf(options);
    this.#reconnect = reconnectOf(options);
    this.#timeoutMs = publishTimeoutOf(options);
    this.#codec = options.codec ?? cloudEvents();
    this.#logger = options.logger ?? getLogger(loggerName);
    this.#connection = new KafkaConnection(options, this.#logger);
    this.#admin = new SharedAdmin(this.#connection.driver);
    const { driver, place, watch } = this.#connection;
    const { createTopics: create = true, partitions, replicationFactor, transactionalId } = options;
    this.#topics = new Topics(this.#admin, place, { create, partitions, replicationFactor });
    this.#sender = new RecordSender({
      session: new ProducerSession(driver, { transactionalId, compression: checkCompression(options.compression) }),
      topics: this.#topics,
      place,
      watch,
      logger: this.#logger,
      reconnect: this.#reconnect,
      transactional: transactionalId !== undefined,
    });
    this.description = this.#describe();
    if (options.consumerGroup !== undefined && options.deadLetters === undefined)
      this.deadLetters = this.#letterTopic(options.consumerGroup);
  }

  observe(observer: TransportObserver): void {
    this.#observer = observer;
    this.#connection.watch.observe(observer);
  }

  /** Of this member's own partitions, so that the members' lags add up to the group's; of all while it has not joined. */
  async lag(): Promise<readonly ConsumerLag[]> {
    const partitions = this.#member?.partitions ?? (await this.#allPartitions());
    const places = await placesOf(this.#admin, this.#group(), partitions);
    return places.map(({ topic, partition, offset, end }) => ({
      destination: topic,
      partition: String(partition),
      messages: Math.max(0, end - offset),
    }));
  }

  routeOf({ aggregateType, aggregateId }: DomainEvent): Route {
    return { destination: this.#names.of(aggregateType), attributes: { [ATTR_MESSAGING_KAFKA_MESSAGE_KEY]: aggregateId } };
  }

  send(messages: readonly OutgoingMessage[], signal?: AbortSignal): Promise<void> {
    const records = messages.map((message) => toRecord(message, this.#codec));
    const settlement = new PendingPublish(messages, { component, timeoutMs: this.#timeoutMs, signal });
    this.#sender.send(records.map((record, index) => ({ topic: messages[index]?.route.destination ?? '', record, index, settlement })));
    return settlement.done;
  }

  decode(message: IncomingMessage): DomainEvent {
    return this.#codec.decode(message, 'kafka');
  }

  async start(receive: ReceiveMessage): Promise<void> {
    const topics = this.#names.consumed();
    const settings = { ...this.#numbers, ...this.#group(), topics };
    const { driver, place, watch } = this.#connection;
    for (const topic of topics) await this.#topics.ensure(topic);
    const member = new GroupMember({
      driver,
      admin: this.#admin,
      settings,
      logger: this.#logger,
      receive,
      place,
      reconnect: this.#reconnect,
      startTimeoutMs: this.#timeoutMs,
      watch,
      rebalanced: () => this.#observer?.rebalanced(),
    });
    this.#member = member;
    if (this.#isPaused) member.pause();
    try {
      await member.start();
    } catch (error) {
      this.#member = undefined;
      throw error;
    }
  }

  async pause(): Promise<void> {
    this.#isPaused = true;
    this.#member?.pause();
  }

  async close(): Promise<void> {
    await settledWithin([this.#member?.close(), this.#sender.close()], farewellMs);
    await settledWithin([this.deadLetters?.close(), this.#admin.close()], farewellMs);
    this.#connection.destroy();
  }

  #group(): { readonly groupId: string; readonly fromBeginning: boolean } {
    const { consumerGroup, fromBeginning = true } = this.#options;
    if (consumerGroup === undefined) {
      throw new InvalidArgumentError(
        `${component}.startConsuming needs a \`consumerGroup\` among the options: the name under which this bus and others share the events.`,
      );
    }
    return { groupId: consumerGroup, fromBeginning };
  }

  async #allPartitions(): Promise<Record<string, number[]>> {
    const { topics } = await this.#admin.use((admin) => admin.fetchTopicMetadata({ topics: [...this.#names.consumed()] }));
    return Object.fromEntries(topics.map(({ name, partitions }) => [name, partitions.map(({ partitionId }) => partitionId)]));
  }

  #letterTopic(group: string): LetterTopic {
    const { createTopics: create = true, deadLetterTopic = `${group}.dead-letters`, replicationFactor } = this.#options;
    const log = new DeadLetterLog({
      connection: this.#connection,
      admin: this.#admin,
      logger: this.#logger,
      topic: checkTopicName('deadLetterTopic', deadLetterTopic),
      create,
      replicationFactor,
      timeoutMs: this.#timeoutMs,
      reconnect: this.#reconnect,
    });
    return new LetterTopic(log, this.#connection.place);
  }

  #describe(): TransportDescription {
    const { consumerGroup } = this.#options;
    const { server } = this.#connection;
    return {
      component,
      scope: { name: PACKAGE_NAME, version: PACKAGE_VERSION },
      logger: loggerName,
      system: 'kafka',
      publishOperation: 'send',
      attributes: server === undefined ? {} : { [ATTR_SERVER_ADDRESS]: server.host, [ATTR_SERVER_PORT]: server.port },
      deadLetterSource: consumerGroup ?? 'kafka',
      ...(consumerGroup === undefined ? {} : { consumerGroup }),
    };
  }
}
