import { type BrokerEventBusOptions, type ComponentOptions, publishTimeoutOf, reconnectOf } from '@es/core';
import { getLogger } from '@es/otel';
import { DeadLetterLog } from './dead-letter-log.ts';
import { KafkaConnection } from './kafka-connection.ts';
import { checkLocation, type KafkaLocation } from './kafka-options.ts';
import { LetterTopic } from './letter-topic.ts';
import { settledWithin } from './settled-within.ts';
import { SharedAdmin } from './shared-admin.ts';
import { checkTopicName } from './topic-names.ts';

/** What a {@link KafkaDeadLetterStore} can be given. */
export type KafkaDeadLetterStoreOptions = KafkaLocation &
  Pick<ComponentOptions, 'logger'> &
  Pick<BrokerEventBusOptions, 'publishTimeoutMs' | 'reconnect'> & {
    /** The topic of the letters: compacted, of one partition. */
    readonly topic: string;
    /** Whether the topic is made if it does not exist; default true. */
    readonly createTopics?: boolean;
    /** How many brokers keep it; default: what the broker does for new topics. */
    readonly replicationFactor?: number;
  };

const farewellMs = 3_000;

/** A dead letter store on a topic of Kafka, for whoever wants to look after the letters of a bus without being one. */
export class KafkaDeadLetterStore extends LetterTopic {
  /** @throws InvalidArgumentError when an option is out of its range. */
  constructor(options: KafkaDeadLetterStoreOptions) {
    checkLocation(options);
    const logger = options.logger ?? getLogger('eventsource.bus.kafka');
    const connection = new KafkaConnection(options, logger);
    const admin = new SharedAdmin(connection.driver);
    const log = new DeadLetterLog({
      connection,
      admin,
      logger,
      topic: checkTopicName('topic', options.topic),
      create: options.createTopics ?? true,
      replicationFactor: options.replicationFactor,
      timeoutMs: publishTimeoutOf(options),
      reconnect: reconnectOf(options),
    });
    super(log, connection.place, async () => {
      await settledWithin([admin.close()], farewellMs);
      connection.destroy();
    });
  }
}
