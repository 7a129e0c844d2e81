import { delay } from '@es/core';
import type { ConfluentEvents } from './confluent-events.ts';
import { asked, ConfluentError, done } from './confluent-failure.ts';
import type {
  ConfluentAdminHandle,
  ConfluentFailure,
  ConfluentGroup,
  ConfluentLibrary,
  ConfluentOffset,
  ConfluentReport,
  ConfluentTopic,
} from './confluent-library.ts';
import type { KafkaAdmin, KafkaTopicConfig, KafkaTopicMetadata } from './kafka-client.ts';

/** How long librdkafka looks for a broker that answers. */
const timeout = 5_000;
const askAgainMs = 50;
const alreadyExists = 36;
const connectionLost = -195;
/** As numbered by the protocol: no further than what is seen of transactions. */
const readCommitted = 1;

/** An admin of Confluent's library. */
export class ConfluentAdmin implements KafkaAdmin {
  readonly #library: ConfluentLibrary;
  readonly #config: object;
  readonly #events: ConfluentEvents;
  #handle: ConfluentAdminHandle | undefined;

  constructor(library: ConfluentLibrary, config: object, events: ConfluentEvents) {
    this.#library = library;
    this.#config = config;
    this.#events = events;
  }

  async connect(): Promise<void> {
    this.#handle = this.#library.AdminClient.create(this.#config, { 'event.error': this.#events.observe });
  }

  async disconnect(): Promise<void> {
    this.#events.end();
    this.#handle?.disconnect();
    this.#handle = undefined;
  }

  async createTopics({ topics }: { readonly topics: KafkaTopicConfig[] }): Promise<boolean> {
    const made = await Promise.all(topics.map((topic) => this.#createTopic(topic)));
    return made.every((isNew) => isNew);
  }

  async fetchTopicMetadata({ topics = [] }: { readonly topics?: string[] } = {}): Promise<{
    readonly topics: readonly KafkaTopicMetadata[];
  }> {
    const described = await this.#ask((handle) =>
      asked<readonly ConfluentTopic[]>((done) => handle.describeTopics(topics, { timeout }, done)),
    );
    return {
      topics: described.map(({ name, error, partitions }) => {
        throwIf(error);
        return {
          name,
          partitions: partitions.map(({ partition, leader, replicas }) => ({
            partitionId: partition,
            leader: leader?.id ?? -1,
            replicas: replicas.map(({ id }) => id),
          })),
        };
      }),
    };
  }

  async fetchTopicOffsets(
    topic: string,
  ): Promise<readonly { readonly partition: number; readonly offset: string; readonly high: string; readonly low: string }[]> {
    const { topics } = await this.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics.flatMap(({ partitions: ofTopic }) => ofTopic.map(({ partitionId }) => partitionId));
    const { EARLIEST, LATEST } = this.#library.OffsetSpec;
    const [low, high] = await Promise.all([EARLIEST, LATEST].map((offset) => this.#offsets(topic, partitions, offset)));
    return partitions.map((partition) => {
      const end = String(high?.get(partition) ?? 0);
      return { partition, offset: end, high: end, low: String(low?.get(partition) ?? 0) };
    });
  }

  async fetchOffsets({
    groupId,
    topics,
  }: {
    readonly groupId: string;
    readonly topics?: string[];
  }): ReturnType<KafkaAdmin['fetchOffsets']> {
    const [group] = await this.#ask((handle) =>
      asked<readonly ConfluentGroup[]>((done) => handle.listConsumerGroupOffsets([{ groupId }], { timeout }, done)),
    );
    throwIf(group?.error);
    const places = (group?.partitions ?? []).filter(({ topic }) => topics === undefined || topics.includes(topic));
    for (const { error } of places) throwIf(error);
    return Object.entries(Object.groupBy(places, ({ topic }) => topic)).map(([topic, ofTopic = []]) => ({
      topic,
      partitions: ofTopic.map(({ partition, offset = -1, metadata = null }) => ({ partition, offset: String(offset), metadata })),
    }));
  }

  async deleteGroups(groups: string[]): Promise<void> {
    const reports = await this.#ask((handle) =>
      asked<readonly ConfluentReport[]>((done) => handle.deleteGroups(groups, { timeout }, done)),
    );
    for (const { error } of reports) throwIf(error);
  }

  async #createTopic({ topic, numPartitions = -1, replicationFactor = -1, configEntries = [] }: KafkaTopicConfig): Promise<boolean> {
    const config = Object.fromEntries(configEntries.map(({ name, value }) => [name, value]));
    const wanted = { topic, num_partitions: numPartitions, replication_factor: replicationFactor, config };
    try {
      await this.#ask((handle) => done((called) => handle.createTopic(wanted, timeout, called)));
      return true;
    } catch (error) {
      if (error instanceof ConfluentError && error.number === alreadyExists) return false;
      throw error;
    }
  }

  async #offsets(topic: string, partitions: readonly number[], offset: object): Promise<Map<number, number>> {
    const places = partitions.map((partition) => ({ topic, partition, offset }));
    const options = { timeout, isolationLevel: readCommitted };
    const found = await this.#ask((handle) => asked<readonly ConfluentOffset[]>((done) => handle.listOffsets(places, options, done)));
    for (const { error } of found) throwIf(error);
    return new Map(found.map((place) => [place.partition, place.offset]));
  }

  /** librdkafka waits for a broker that it has not reached yet, but not for one that it has just lost. */
  async #ask<T>(question: (handle: ConfluentAdminHandle) => Promise<T>): Promise<T> {
    const deadline = performance.now() + timeout;
    for (;;) {
      if (this.#handle === undefined) throw new Error('The admin is not connected');
      try {
        const answer = await this.#events.unless(question(this.#handle));
        this.#events.answered();
        return answer;
      } catch (error) {
        if (!(error instanceof ConfluentError) || error.number !== connectionLost || performance.now() > deadline) throw error;
        await delay(askAgainMs);
      }
    }
  }
}

function throwIf(failure: ConfluentFailure | undefined): void {
  if (failure !== undefined && failure !== null) throw new ConfluentError(failure);
}
