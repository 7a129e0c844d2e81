import type { ConfluentConfig } from './confluent-library.ts';
import type { DriverConsumerOptions } from './kafka-driver.ts';

/** Signs of life that may go missing before a consumer is given up. */
const signsPerSession = 10;

/** How librdkafka is to consume, so that offsets and partitions are the bus's affair and the rest is its own. */
export function consumerConfigOf(options: DriverConsumerOptions): ConfluentConfig {
  const { fromBeginning, groupId, longestFetchMs, rebalanceTimeoutMs, sessionTimeoutMs } = options;
  return {
    'group.id': groupId,
    'partition.assignment.strategy': 'roundrobin',
    'session.timeout.ms': sessionTimeoutMs,
    'heartbeat.interval.ms': Math.ceil(sessionTimeoutMs / signsPerSession),
    // Also what the broker is told as the time that a rebalance may take; librdkafka does not take less than the session's.
    'max.poll.interval.ms': Math.max(rebalanceTimeoutMs, sessionTimeoutMs),
    'fetch.wait.max.ms': longestFetchMs,
    'allow.auto.create.topics': false,
    'auto.offset.reset': fromBeginning ? 'earliest' : 'latest',
    'enable.auto.commit': false,
    'enable.auto.offset.store': false,
    'enable.partition.eof': true,
    'isolation.level': 'read_committed',
  };
}
