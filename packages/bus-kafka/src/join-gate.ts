import { type PartitionAssigner, PartitionAssigners } from 'kafkajs';

/** Tells kafkajs to try and join again a little later: it takes this for the broker's own answer that the group is being rebalanced. */
class NotYetError extends Error {
  readonly type = 'REBALANCE_IN_PROGRESS';

  constructor() {
    super('The consumer still has messages in hand, and joins the group when they are finished');
  }
}

/**
 * Lets a consumer join its group only when it may.
 *
 * A member gives up its partitions by joining again, and kafkajs does so as soon as it learns of a rebalance, whatever is in hand. But it first asks
 * the assigners what to say when joining, and asks again later if that fails with a rebalance in progress.
 *
 * @param mayJoin - Asked before every attempt.
 */
export function gatedAssigner(mayJoin: () => boolean): PartitionAssigner {
  return (group) => {
    const assigner = PartitionAssigners.roundRobin(group);
    return {
      ...assigner,
      protocol: (subscription) => {
        if (!mayJoin()) throw new NotYetError();
        return assigner.protocol(subscription);
      },
    };
  };
}
