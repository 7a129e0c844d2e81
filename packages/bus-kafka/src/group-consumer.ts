import type { ConsumerGate } from './consumer-gate.ts';
import type { KafkaClient, KafkaConsumer } from './kafka-client.ts';
import type { KafkaNumbers } from './kafka-options.ts';

/** Which group, and how it consumes. */
export interface GroupSettings extends KafkaNumbers {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly fromBeginning: boolean;
}

/** How long the broker may hold back an answer when there are no messages: so long stopping takes, and a paused partition's way back. */
const longestFetchMs = 250;
const shortestRetryMs = 50;
const longestRetryMs = 1_000;
/** A consumer may miss some signs of life before it is given up. */
const signsPerSession = 10;

/** How often a consumer shows that it lives, in milliseconds. */
export function heartbeatMsOf({ sessionTimeoutMs }: KafkaNumbers): number {
  return Math.ceil(sessionTimeoutMs / signsPerSession);
}

/** Makes a consumer that ends when it fails, and joins its group only when the gate lets it. */
export function createConsumer(client: KafkaClient, settings: GroupSettings, gate: ConsumerGate): KafkaConsumer {
  const { groupId, rebalanceTimeoutMs, sessionTimeoutMs } = settings;
  return client.consumer({
    groupId,
    allowAutoTopicCreation: false,
    heartbeatInterval: heartbeatMsOf(settings),
    maxWaitTimeInMs: longestFetchMs,
    partitionAssigners: [gate.assigner],
    rebalanceTimeout: rebalanceTimeoutMs,
    retry: {
      initialRetryTime: shortestRetryMs,
      maxRetryTime: longestRetryMs,
      // It goes on asking whether it may join for as long as a rebalance lasts, and some times while the waits are still short.
      retries: Math.ceil(Math.log2(longestRetryMs / shortestRetryMs)) + Math.ceil(rebalanceTimeoutMs / longestRetryMs),
      restartOnFailure: async () => false,
    },
    sessionTimeout: sessionTimeoutMs,
  });
}
