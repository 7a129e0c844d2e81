import type { ICustomPartitioner, PartitionAssigner } from 'kafkajs';

/** A record to send. */
export interface KafkaRecord {
  readonly key: string | null;
  readonly value: string | Buffer | null;
  readonly headers?: Record<string, string>;
}

/** Records of one topic. */
export interface KafkaTopicRecords {
  readonly topic: string;
  readonly messages: KafkaRecord[];
}

/** What is sent in one call. */
export interface KafkaSend {
  readonly acks?: number;
  readonly compression?: number;
  readonly topicMessages?: KafkaTopicRecords[];
}

/** Where the records of one partition went. */
export interface KafkaRecordMetadata {
  readonly topicName: string;
  readonly partition: number;
  /** Offset of the first of them, as a decimal number. */
  readonly baseOffset?: string;
}

/** What the bus needs of a transaction. */
export interface KafkaTransaction {
  sendBatch(batch: KafkaSend): Promise<readonly KafkaRecordMetadata[]>;
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/** What the bus needs of a producer. */
export interface KafkaProducer {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  sendBatch(batch: KafkaSend): Promise<readonly KafkaRecordMetadata[]>;
  transaction(): Promise<KafkaTransaction>;
}

/** A record as it came. */
export interface KafkaMessage {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly offset: string;
  readonly headers?: Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;
}

/** Records of one partition, in their order. */
export interface KafkaBatch {
  readonly topic: string;
  readonly partition: number;
  readonly messages: readonly KafkaMessage[];
  /** The offset of the last one, or of a control record behind it. */
  lastOffset(): string;
}

/** Offsets to commit. */
export interface KafkaOffsets {
  readonly topics: {
    readonly topic: string;
    readonly partitions: { readonly partition: number; readonly offset: string; readonly metadata?: string }[];
  }[];
}

/** What comes with a batch. The functions stay good as long as the consumer runs. */
export interface KafkaBatchPayload {
  readonly batch: KafkaBatch;
  resolveOffset(offset: string): void;
  heartbeat(): Promise<void>;
  commitOffsetsIfNecessary(offsets?: KafkaOffsets): Promise<void>;
  isRunning(): boolean;
  /** Whether a seek has made the batch obsolete. */
  isStale(): boolean;
}

/** What the bus needs of a run. */
export interface KafkaRun {
  readonly autoCommit: boolean;
  readonly eachBatchAutoResolve: boolean;
  readonly partitionsConsumedConcurrently: number;
  readonly eachBatch: (payload: KafkaBatchPayload) => Promise<void>;
}

/** A partition and a place in it. */
export interface KafkaPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

/** What the bus listens to on a consumer. */
export interface KafkaConsumerEvent {
  readonly type: string;
  readonly payload: unknown;
}

/** What the bus needs of a consumer. */
export interface KafkaConsumer {
  readonly events: {
    readonly CRASH: 'consumer.crash';
    readonly END_BATCH_PROCESS: 'consumer.end_batch_process';
    readonly GROUP_JOIN: 'consumer.group_join';
    readonly HEARTBEAT: 'consumer.heartbeat';
  };
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  subscribe(subscription: { readonly topics: string[]; readonly fromBeginning: boolean }): Promise<void>;
  run(run: KafkaRun): Promise<void>;
  seek(place: KafkaPlace): void;
  pause(topics: { readonly topic: string; readonly partitions?: number[] }[]): void;
  resume(topics: { readonly topic: string; readonly partitions?: number[] }[]): void;
  commitOffsets(places: KafkaPlace[]): Promise<void>;
  on(
    event: 'consumer.crash' | 'consumer.end_batch_process' | 'consumer.group_join' | 'consumer.heartbeat',
    listener: (event: KafkaConsumerEvent) => void,
  ): unknown;
}

/** A topic as it is. */
export interface KafkaTopicMetadata {
  readonly name: string;
  readonly partitions: readonly { readonly partitionId: number; readonly leader: number; readonly replicas: readonly number[] }[];
}

/** A topic as it is wanted. */
export interface KafkaTopicConfig {
  readonly topic: string;
  readonly numPartitions?: number;
  readonly replicationFactor?: number;
  readonly configEntries?: { readonly name: string; readonly value: string }[];
}

/** What the bus needs of an admin. */
export interface KafkaAdmin {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  createTopics(options: { readonly topics: KafkaTopicConfig[]; readonly waitForLeaders?: boolean }): Promise<boolean>;
  fetchTopicMetadata(options?: { readonly topics: string[] }): Promise<{ readonly topics: readonly KafkaTopicMetadata[] }>;
  fetchTopicOffsets(
    topic: string,
  ): Promise<readonly { readonly partition: number; readonly offset: string; readonly high: string; readonly low: string }[]>;
  fetchOffsets(options: { readonly groupId: string; readonly topics?: string[] }): Promise<
    readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number; readonly offset: string; readonly metadata: string | null }[];
    }[]
  >;
  deleteGroups(groups: string[]): Promise<unknown>;
}

/** How often a part of the client tries something by itself, and how long it waits in between. */
export interface KafkaRetry {
  readonly retries?: number;
  readonly initialRetryTime?: number;
  readonly maxRetryTime?: number;
  readonly restartOnFailure?: (error: Error) => Promise<boolean>;
}

/** How a producer is made. */
export interface KafkaProducerOptions {
  readonly allowAutoTopicCreation: boolean;
  readonly createPartitioner: ICustomPartitioner;
  readonly idempotent: boolean;
  readonly maxInFlightRequests: number;
  readonly retry: KafkaRetry;
  readonly transactionalId?: string;
}

/** How a consumer is made. */
export interface KafkaConsumerOptions {
  readonly groupId: string;
  readonly allowAutoTopicCreation: boolean;
  readonly heartbeatInterval: number;
  readonly maxWaitTimeInMs: number;
  readonly partitionAssigners?: PartitionAssigner[];
  readonly rebalanceTimeout: number;
  readonly retry: KafkaRetry;
  readonly sessionTimeout: number;
}

/**
 * What the bus needs of a client; a `Kafka` of kafkajs is one. It makes producers, consumers and admins of it, which it disconnects; the client
 * itself stays its owner's.
 */
export interface KafkaClient {
  producer(options: KafkaProducerOptions): KafkaProducer;
  consumer(options: KafkaConsumerOptions): KafkaConsumer;
  admin(options?: { readonly retry: KafkaRetry }): KafkaAdmin;
}
