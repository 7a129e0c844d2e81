import { type PartitionAssigner, PartitionAssigners } from 'kafkajs';

/** Tells kafkajs to try and join again a little later: it takes this for the broker's own answer that the group is being rebalanced. */
class NotYetError extends Error {
  readonly type = 'REBALANCE_IN_PROGRESS';

  constructor() {
    super('The consumer still has messages in hand, and joins the group when they are finished');
  }
}

/**
 * Stands before what a kafkajs consumer does next, where it asks: an assigner is told of the consumer's cluster, and asked what to say when joining.
 *
 * - A member gives up its partitions by joining again, and kafkajs does so as soon as it learns of a rebalance, whatever is in hand. If it is told
 *   that the group is being rebalanced, it asks again later.
 * - A consumer that is stopped while the nodes of its cluster change may begin to fetch anew. It then gets nothing, at once, again and again, and the
 *   process never comes to do anything else. It looks at the nodes before it fetches, and ends when that fails.
 */
export class ConsumerGate {
  readonly #mayJoin: () => boolean;
  #isClosed = false;

  /** @param mayJoin - Asked before every attempt to join a group. */
  constructor(mayJoin: () => boolean = () => true) {
    this.#mayJoin = mayJoin;
  }

  /** What the consumer is to be made with. */
  readonly assigner: PartitionAssigner = (group) => {
    const { cluster } = group;
    const getNodeIds = cluster.getNodeIds.bind(cluster);
    cluster.getNodeIds = () => {
      this.#assertOpen();
      return getNodeIds();
    };
    const assigner = PartitionAssigners.roundRobin(group);
    return {
      ...assigner,
      protocol: (subscription) => {
        this.#assertOpen();
        if (!this.#mayJoin()) throw new NotYetError();
        return assigner.protocol(subscription);
      },
    };
  };

  /** The consumer neither joins nor fetches any more; to be called before it is disconnected. */
  close(): void {
    this.#isClosed = true;
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new Error('The consumer has come to its end');
  }
}
