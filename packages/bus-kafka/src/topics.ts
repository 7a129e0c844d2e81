import { BrokerError, delay } from '@es/core';
import type { KafkaTopicConfig, KafkaTopicMetadata } from './kafka-client.ts';
import { explainFailure, isUnknownTopic } from './kafka-failure.ts';
import type { SharedAdmin } from './shared-admin.ts';

/** How topics should be. */
export interface TopicWishes {
  /** Whether to make topics that do not exist. */
  readonly create: boolean;
  readonly partitions?: number | undefined;
  readonly replicationFactor?: number | undefined;
  /** Settings of topics that are made. */
  readonly config?: Readonly<Record<string, string>>;
}

/** How long brokers may take to learn of a new topic and who leads its partitions, and how often they are asked. */
const spreadMs = 10_000;
const spreadPollMs = 20;

/** So many that a group can grow, and few enough for one process. */
const defaultPartitions = 6;

/** Sees to it, once for each topic, that it exists and is as it was asked to be. */
export class Topics {
  readonly #admin: SharedAdmin;
  readonly #place: string;
  readonly #wishes: TopicWishes;
  readonly #ensured = new Map<string, Promise<void>>();

  constructor(admin: SharedAdmin, place: string, wishes: TopicWishes) {
    this.#admin = admin;
    this.#place = place;
    this.#wishes = wishes;
  }

  /** @throws BrokerError ES_BROKER_TOPOLOGY when the topic is missing, or other than asked for; another code when the broker can't be asked. */
  ensure(topic: string): Promise<void> {
    const known = this.#ensured.get(topic);
    if (known !== undefined) return known;
    const ensuring = this.#ensure(topic);
    this.#ensured.set(topic, ensuring);
    ensuring.catch(() => this.forget(topic));
    return ensuring;
  }

  /** Looks again next time. */
  forget(topic: string): void {
    this.#ensured.delete(topic);
  }

  async #ensure(topic: string): Promise<void> {
    try {
      const existing = (await this.#describe(topic)) ?? (await this.#create(topic));
      this.#check(existing);
    } catch (error) {
      throw explainFailure(error, `Looking for the topic ${topic}`, this.#place);
    }
  }

  async #describe(topic: string): Promise<KafkaTopicMetadata | undefined> {
    try {
      const { topics } = await this.#admin.use((admin) => admin.fetchTopicMetadata({ topics: [topic] }));
      return topics.find(
        ({ name, partitions }) => name === topic && partitions.length > 0 && partitions.every(({ leader }) => leader >= 0),
      );
    } catch (error) {
      if (isUnknownTopic(error)) return undefined;
      throw error;
    }
  }

  async #create(topic: string): Promise<KafkaTopicMetadata> {
    const { create, partitions = defaultPartitions, replicationFactor, config = {} } = this.#wishes;
    if (!create) {
      throw new BrokerError(
        'ES_BROKER_TOPOLOGY',
        `The topic ${topic} does not exist on ${this.#place}, and \`createTopics\` is false. Create it, or let the bus do so.`,
      );
    }
    const wanted: KafkaTopicConfig = {
      topic,
      numPartitions: partitions,
      ...(replicationFactor === undefined ? {} : { replicationFactor }),
      configEntries: Object.entries(config).map(([name, value]) => ({ name, value })),
    };
    // Where someone else was faster, theirs is looked at like any other that existed.
    await this.#admin.use((admin) => admin.createTopics({ topics: [wanted], waitForLeaders: false }));
    for (let waited = 0; waited < spreadMs; waited += spreadPollMs) {
      const made = await this.#describe(topic);
      if (made !== undefined) return made;
      await delay(spreadPollMs);
    }
    throw new BrokerError('ES_BROKER_UNAVAILABLE', `The topic ${topic} was made on ${this.#place}, but its brokers do not know of it yet.`);
  }

  #check({ name, partitions }: KafkaTopicMetadata): void {
    const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
    const { partitions: wanted = partitions.length, replicationFactor = replicas } = this.#wishes;
    if (wanted === partitions.length && replicationFactor === replicas) return;
    throw new BrokerError(
      'ES_BROKER_TOPOLOGY',
      `The topic ${name} on ${this.#place} has ${partitions.length} partitions and a replication factor of ${replicas}; asked for were ` +
        `${wanted} and ${replicationFactor}. Change the options, or the topic: more partitions give aggregates other partitions, so drain it first.`,
    );
  }
}
