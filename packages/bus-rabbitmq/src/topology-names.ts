import { defaultExchange, type RabbitMQNameOptions, type ResolvedRabbitMQOptions } from './rabbitmq-options.ts';

/** What belongs to one consumer group. */
export interface GroupNames {
  /** The exchange that all events of the group come through. */
  readonly exchange: string;
  /** Takes what bears no slot to the first queue. Its name says the number of partitions, which the broker compares for us. */
  readonly unslotted: string;
  /** The queues that events wait in, by partition. */
  readonly queues: readonly string[];
  /** Every consumer of the group listens here, where no message comes, and so they know how many they are. */
  readonly members: string;
  readonly deadLetters: string;
}

const unslottedName = /unslotted-of-(\d+)/g;

/** The names of a group's exchanges and queues. */
export function groupNames(
  consumerGroup: string,
  { ordering, partitions }: Pick<ResolvedRabbitMQOptions, 'ordering' | 'partitions'>,
  options: RabbitMQNameOptions,
): GroupNames {
  const base = baseOf(consumerGroup, options);
  return {
    exchange: base,
    unslotted: `${base}.unslotted-of-${partitions}`,
    queues: ordering === 'none' ? [base] : Array.from({ length: partitions }, (_, partition) => `${base}.${partition}`),
    members: `${base}.members`,
    deadLetters: deadLetterQueueOf(consumerGroup, options),
  };
}

/** The queue of a group's dead letters. */
export function deadLetterQueueOf(consumerGroup: string, options: RabbitMQNameOptions): string {
  return options.deadLetterQueue ?? `${baseOf(consumerGroup, options)}.dead-letters`;
}

function baseOf(consumerGroup: string, { exchange = defaultExchange, queue }: RabbitMQNameOptions): string {
  return queue ?? `${exchange}.${consumerGroup}`;
}

/** The number of partitions that the broker says a group has, in its complaint that we want another; `undefined` if it is about something else. */
export function partitionsFoundIn(complaint: string): number | undefined {
  const found = [...complaint.matchAll(unslottedName)].at(-1)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The second routing key of an event, by which it finds its partition. */
export function slotKey(slot: number): string {
  return `es-slot-${slot}`;
}
