import type { ConsumerLag } from '@es/core';
import type { MessageSource } from './incoming-message.ts';
import type { Membership } from './membership.ts';
import type { QueueConsumer } from './queue-consumer.ts';

/** What of a consumer group one bus knows. */
export interface GroupView {
  readonly sources: readonly MessageSource[];
  /** Whether a queue has one consumer at a time. */
  readonly isPartitioned: boolean;
  /** This bus's own, by queue. */
  readonly consumers: ReadonlyMap<string, QueueConsumer>;
  readonly membership: Membership;
}

/**
 * Messages that wait and those in hand, of the queues that this bus has. Of the others those who have them tell, so that the sum over all
 * consumers is the group's lag. Who has a queue of which nothing was delivered yet is not known, unless there is only one.
 */
export async function measureLag({ sources, isPartitioned, consumers, membership }: GroupView): Promise<readonly ConsumerLag[]> {
  const isAlone = !isPartitioned || (await membership.size()) === 1;
  const ours = sources.filter(({ queue }) => isAlone || consumers.get(queue)?.isActive === true);
  return Promise.all(
    ours.map(async ({ queue, partition }) => {
      const waiting = await membership.waiting(queue);
      const messages = waiting + (consumers.get(queue)?.unacknowledged ?? 0);
      return { destination: queue, ...(partition === undefined ? {} : { partition }), messages };
    }),
  );
}
