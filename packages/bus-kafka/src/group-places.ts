import type { PartitionsByTopic, StartingPlace } from './assignment.ts';
import type { SharedAdmin } from './shared-admin.ts';

/** Where a group stands, and whether it ever said so. */
export interface GroupPlace extends StartingPlace {
  readonly isCommitted: boolean;
  /** The offset that the next message will get. */
  readonly end: number;
}

/** Asks the broker where a group stands in partitions; where it has not committed anything, it stands where it begins. */
export async function placesOf(
  admin: SharedAdmin,
  group: { readonly groupId: string; readonly fromBeginning: boolean },
  partitions: PartitionsByTopic,
): Promise<readonly GroupPlace[]> {
  const topics = Object.keys(partitions);
  if (topics.length === 0) return [];
  return admin.use(async (asked) => {
    const [committed, ...bounds] = await Promise.all([
      asked.fetchOffsets({ groupId: group.groupId, topics }),
      ...topics.map((topic) => asked.fetchTopicOffsets(topic)),
    ]);
    return topics.flatMap((topic, index) => {
      const stored = committed.find((one) => one.topic === topic)?.partitions ?? [];
      return (partitions[topic] ?? []).map((partition) => {
        const { offset = '-1', metadata = null } = stored.find((one) => one.partition === partition) ?? {};
        const { low = '0', high = '0' } = bounds[index]?.find((one) => one.partition === partition) ?? {};
        const isCommitted = Number(offset) >= 0;
        const start = Number(group.fromBeginning ? low : high);
        return {
          topic,
          partition,
          isCommitted,
          offset: isCommitted ? Number(offset) : start,
          metadata: isCommitted ? (metadata ?? '') : '',
          end: Number(high),
        };
      });
    });
  });
}
