import type { PartitionsByTopic } from './assignment.ts';
import type { KafkaAdmin, KafkaBatch, KafkaOffsets, KafkaPlace, KafkaRecordMetadata, KafkaTopicRecords } from './kafka-client.ts';
import type { KafkaCompression } from './kafka-compression.ts';

/** How a producer of a driver is made. What it sends is confirmed by all replicas, and sending it again does not double it. */
export interface DriverProducerOptions {
  readonly compression: KafkaCompression;
  readonly transactionalId?: string | undefined;
}

/** Whatever takes records. */
export interface RecordSink {
  /**
   * Resolves when the broker has all of the records. A keyed record goes to the partition that the Java client would choose. One that is sent again
   * after a failure is the same record for the broker, or is left out where it is known to be there.
   *
   * @returns where they are; of records of one partition that lie behind one another, the place of the first.
   */
  send(records: readonly KafkaTopicRecords[]): Promise<readonly KafkaRecordMetadata[]>;
}

/** A transaction of a driver's producer: one at a time. */
export interface DriverTransaction extends RecordSink {
  commit(): Promise<void>;
  abort(): Promise<void>;
}

/** A producer, as the bus means it. */
export interface DriverProducer extends RecordSink {
  connect(): Promise<void>;
  /** Lets go of the broker, and of what is not yet there. */
  disconnect(): Promise<void>;
  transaction(): Promise<DriverTransaction>;
}

/** How a consumer of a driver is made. */
export interface DriverConsumerOptions {
  readonly groupId: string;
  readonly topics: readonly string[];
  /** Where a group begins that has committed nothing. */
  readonly fromBeginning: boolean;
  readonly sessionTimeoutMs: number;
  /** For how long the broker waits for this consumer to give up its partitions. */
  readonly rebalanceTimeoutMs: number;
  /** How long the broker may hold back an answer when there is nothing to fetch. */
  readonly longestFetchMs: number;
  /** How often joining is tried before the consumer ends; a client that tries for ever by itself may do so. */
  readonly joinRetries: number;
}

/** Records of one partition that have just come. */
export interface ArrivedBatch extends KafkaBatch {
  /** Whether they are of no concern any more: reading went on elsewhere, or has ended. */
  isStale(): boolean;
  /** Reading goes on behind them; those that are not taken may come again. */
  taken(): void;
}

/** What a consumer tells whoever reads with it. */
export interface ConsumerListener {
  /** The group gave it partitions, instead of those it had. Their records may come before this resolves. When it rejects the consumer may end. */
  assigned(partitions: PartitionsByTopic): Promise<void>;
  /**
   * Its partitions are about to be taken away. It keeps them, and goes on showing the broker that it lives, until this resolves.
   *
   * @param isLost - Whether they are someone else's already.
   */
  revoked(isLost: boolean): Promise<void>;
  /** Records of one partition, in order. Further ones of it come after this resolves. */
  records(batch: ArrivedBatch): Promise<void>;
  /** Everything below this offset has been told of, and the rest of it is nothing for consumers, as the end of a transaction. */
  passed(topic: string, partition: number, next: number): void;
  /** It came to its end by itself, and tells nothing more. */
  ended(reason: Error): void;
}

/** A consumer in a group, as the bus means it. Offsets are committed only when it is told to. */
export interface DriverConsumer {
  /** Resolves when it is about to join its group. */
  start(): Promise<void>;
  /**
   * Commits under the group's present generation, and under no later one where the client leaves a choice.
   *
   * @returns false when that can't be done yet, since nothing has been read.
   */
  commit(offsets: KafkaOffsets): Promise<boolean>;
  /** Begins at these places of the partitions that it was just given, and commits them. */
  startAt(places: readonly KafkaPlace[]): Promise<void>;
  /** Goes on there; what was fetched elsewhere is not told of any more. */
  seek(place: KafkaPlace): void;
  pause(topic: string, partition: number): void;
  resume(topic: string, partition: number): void;
  /** Fetches nothing any more, of whatever partitions it has or gets. */
  pauseAll(): void;
  /** Leaves the group. A `revoked` that is under way is not waited for. */
  close(): Promise<void>;
}

/** Is told of connections. */
export interface ConnectionObserver {
  lost(): void;
  /** The broker answers, whether or not it was lost before. */
  established(): void;
}

/**
 * What the bus needs of a Kafka client, in its own terms. The bus makes one of a `Kafka` of kafkajs by itself; `confluentKafka` makes one of Confluent's
 * library. Producers, consumers and admins that are made of it are disconnected by the bus.
 */
export interface KafkaDriver {
  /** Some brokers of the cluster as `host:port`, where they are known: for messages and telemetry. */
  readonly brokers?: readonly string[];
  /** Whom to tell of connections, where the client lets know of them. */
  observe?(connections: ConnectionObserver): void;
  createProducer(options: DriverProducerOptions): DriverProducer;
  createConsumer(options: DriverConsumerOptions, listener: ConsumerListener): DriverConsumer;
  createAdmin(): KafkaAdmin;
}
