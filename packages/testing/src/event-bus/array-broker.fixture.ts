import { InMemoryDeadLetterStore, type ReceiveMessage } from '@es/core';

/** A message as the broker keeps it. */
export interface ArrayMessage {
  /** Messages of one key stay in order. */
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Somebody who takes messages of a group. */
export interface ArrayConsumer {
  readonly receive: ReceiveMessage;
  /** Aborted when what it has not acknowledged is given to others. */
  readonly left: AbortController;
  isPaused: boolean;
}

const partitions = 4;

/** The messages of one key range for one group, all in the hands of one consumer. */
class ArrayPartition {
  readonly waiting: ArrayMessage[] = [];
  readonly inHand: ArrayMessage[] = [];
  readonly #number: number;
  #owner: ArrayConsumer | undefined;

  constructor(number: number) {
    this.#number = number;
  }

  /** Gives whatever waits to the consumer who has some already, or to the one whose turn it is. */
  give(consumers: ReadonlySet<ArrayConsumer>): void {
    if (this.#owner === undefined || !consumers.has(this.#owner)) {
      // What the one before did not acknowledge comes again, before all else.
      this.waiting.unshift(...this.inHand.splice(0));
    }
    if (this.inHand.length === 0) this.#owner = [...consumers][this.#number % consumers.size];
    const owner = this.#owner;
    if (owner === undefined || owner.isPaused) return;
    for (const message of this.waiting.splice(0)) {
      this.inHand.push(message);
      owner.receive(incoming(message), owner.left.signal).then(
        () => {
          if (!owner.left.signal.aborted) this.inHand.splice(this.inHand.indexOf(message), 1);
        },
        // Not acknowledged: it stays in hand until its consumer leaves.
        () => undefined,
      );
    }
  }
}

/** What one consumer group has to do. */
export class ArrayGroup {
  readonly #partitions = Array.from({ length: partitions }, (_, number) => new ArrayPartition(number));
  readonly #consumers = new Set<ArrayConsumer>();
  readonly #places = new Map<string, number>();

  /** Messages that the group is not done with. */
  get lag(): number {
    return this.#partitions.reduce((sum, { waiting, inHand }) => sum + waiting.length + inHand.length, 0);
  }

  put(message: ArrayMessage): void {
    const partition = this.#partitions[this.#placeOf(message.key) % partitions];
    partition?.waiting.push(message);
    // A broker answers the publisher before consumers are given anything.
    setImmediate(() => partition?.give(this.#consumers));
  }

  join(consumer: ArrayConsumer): void {
    this.#consumers.add(consumer);
    for (const partition of this.#partitions) partition.give(this.#consumers);
  }

  leave(consumer: ArrayConsumer): void {
    consumer.left.abort();
    this.#consumers.delete(consumer);
    for (const partition of this.#partitions) partition.give(this.#consumers);
  }

  /** In turn rather than by hash, so that no partition is left out by chance. */
  #placeOf(key: string): number {
    const place = this.#places.get(key) ?? this.#places.size;
    this.#places.set(key, place);
    return place;
  }
}

/** A broker with one destination, which outlives the buses on it. */
export class ArrayBroker {
  readonly groups: Map<string, ArrayGroup> = new Map();
  readonly #letters = new Map<string, InMemoryDeadLetterStore>();

  /** The group of this name, which is given everything from its first mention on. */
  group(name: string): ArrayGroup {
    const group = this.groups.get(name) ?? new ArrayGroup();
    this.groups.set(name, group);
    return group;
  }

  /** The dead letters of a group, which need no consumer to be there. */
  lettersOf(name: string): InMemoryDeadLetterStore {
    const letters = this.#letters.get(name) ?? new InMemoryDeadLetterStore();
    this.#letters.set(name, letters);
    return letters;
  }

  /** @returns whether there is anybody who will be given it. */
  publish(message: ArrayMessage): boolean {
    for (const group of this.groups.values()) group.put(message);
    return this.groups.size > 0;
  }
}

function incoming({ headers, body }: ArrayMessage): Parameters<ReceiveMessage>[0] {
  return { route: { destination: 'array' }, headers, body };
}
