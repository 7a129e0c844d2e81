import type { ConsumerListener, DriverConsumer, KafkaDriver } from './kafka-driver.ts';
import type { KafkaNumbers } from './kafka-options.ts';

/** Which group, and how it consumes. */
export interface GroupSettings extends KafkaNumbers {
  readonly groupId: string;
  readonly topics: readonly string[];
  readonly fromBeginning: boolean;
}

/** So long stopping takes, and a paused partition's way back. */
const longestFetchMs = 250;
/** So many attempts to join are made while the waits between them are still short, and so often one is made afterwards. */
const quickJoins = 5;
const joinEveryMs = 1_000;

/** Makes a consumer that goes on asking whether it may join for as long as a rebalance lasts. */
export function createConsumer(driver: KafkaDriver, settings: GroupSettings, listener: ConsumerListener): DriverConsumer {
  const { fromBeginning, groupId, rebalanceTimeoutMs, sessionTimeoutMs, topics } = settings;
  const joinRetries = quickJoins + Math.ceil(rebalanceTimeoutMs / joinEveryMs);
  return driver.createConsumer(
    { groupId, topics, fromBeginning, sessionTimeoutMs, rebalanceTimeoutMs, longestFetchMs, joinRetries },
    listener,
  );
}
