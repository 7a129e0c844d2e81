import { InvalidArgumentError } from '@es/core';
import type { KafkaEventBusOptions } from './kafka-options.ts';

const defaultTopic = 'events';

/** Which topics events go to and come from. */
export class TopicNames {
  readonly #topic: string | ((aggregateType: string) => string);
  readonly #aggregateTypes: readonly string[] | undefined;
  readonly #known = new Map<string, string>();

  /** @throws InvalidArgumentError when a topic's name is none. */
  constructor({ topic = defaultTopic, aggregateTypes }: KafkaEventBusOptions) {
    this.#topic = typeof topic === 'string' ? checkTopicName('topic', topic) : topic;
    this.#aggregateTypes = aggregateTypes;
  }

  /**
   * The topic of an aggregate type.
   *
   * @throws InvalidArgumentError when the function among the options gives none.
   */
  of(aggregateType: string): string {
    if (typeof this.#topic === 'string') return this.#topic;
    const known = this.#known.get(aggregateType);
    if (known !== undefined) return known;
    const topic = checkTopicName(`topic for the aggregate type ${aggregateType}`, this.#topic(aggregateType));
    this.#known.set(aggregateType, topic);
    return topic;
  }

  /**
   * The topics to consume.
   *
   * @throws InvalidArgumentError when no option names them.
   */
  consumed(): readonly string[] {
    if (this.#aggregateTypes === undefined && typeof this.#topic === 'string') return [this.#topic];
    const topics = new Set((this.#aggregateTypes ?? []).map((type) => this.of(type)));
    if (topics.size > 0) return [...topics];
    throw new InvalidArgumentError(
      'KafkaEventBus.startConsuming needs `aggregateTypes` among its options, because its `topic` is a function: each type has a topic of its own.',
    );
  }
}

/** @throws InvalidArgumentError unless Kafka takes this as the name of a topic. */
export function checkTopicName(option: string, name: string): string {
  if (typeof name === 'string' && /^[\w.-]{1,249}$/.test(name) && name !== '.' && name !== '..') return name;
  throw new InvalidArgumentError(
    `KafkaEventBus needs a ${option} of 1 to 249 letters, digits, dots, underscores and hyphens; it got ${JSON.stringify(name)}.`,
  );
}
