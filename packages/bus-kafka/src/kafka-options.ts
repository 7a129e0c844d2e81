import type { ConnectionOptions } from 'node:tls';
import { type BrokerEventBusOptions, InvalidArgumentError } from '@es/core';
import type { KafkaClient } from './kafka-client.ts';
import type { KafkaCompression } from './kafka-compression.ts';
import type { KafkaDriver } from './kafka-driver.ts';

/** How to prove who one is. */
export type KafkaCredentials =
  | { readonly mechanism: 'plain'; readonly username: string; readonly password: string }
  | { readonly mechanism: 'scram-sha-256'; readonly username: string; readonly password: string }
  | { readonly mechanism: 'scram-sha-512'; readonly username: string; readonly password: string }
  | {
      readonly mechanism: 'oauthbearer';
      /** Asked for a token whenever one is needed. */
      readonly oauthBearerProvider: () => Promise<{ readonly value: string }>;
    };

/** Which cluster: its brokers, or a client that is handed in and stays its owner's. */
export type KafkaLocation =
  | {
      /** Some brokers of the cluster as `host:port`; the others are learnt from them. */
      readonly brokers: readonly string[];
      /** Name of this application in the broker's logs and quotas; default `es`. */
      readonly clientId?: string;
      /** TLS: `true`, or options of `node:tls` such as `ca`. */
      readonly ssl?: boolean | ConnectionOptions;
      readonly sasl?: KafkaCredentials;
      readonly client?: never;
    }
  | {
      /**
       * A `Kafka` of kafkajs, or what `confluentKafka` makes of Confluent's library. The bus disconnects the producers, consumers and admins that it
       * makes of it.
       */
      readonly client: KafkaClient | KafkaDriver;
      readonly brokers?: never;
    };

/** What a {@link KafkaEventBus} can be given. */
export type KafkaEventBusOptions = KafkaLocation &
  BrokerEventBusOptions & {
    /** The topic of all events, or a function from an aggregate type to its topic; default `events`. */
    readonly topic?: string | ((aggregateType: string) => string);
    /** The aggregate types whose events are consumed; needed where `topic` is a function. */
    readonly aggregateTypes?: readonly string[];
    /** Whether topics that do not exist are made; default true. */
    readonly createTopics?: boolean;
    /** How many partitions topics have: new ones are made with them, and others refused. Default: new ones get 6, others are taken as they are. */
    readonly partitions?: number;
    /** How many brokers keep each partition; likewise. Default: what the broker does for new topics. */
    readonly replicationFactor?: number;
    /** Where a group begins that has no offsets yet: at the oldest event, or behind the newest; default true. */
    readonly fromBeginning?: boolean;
    /** For how long the broker waits for a sign of life before it gives a consumer's partitions to others, in milliseconds; default 30,000. */
    readonly sessionTimeoutMs?: number;
    /**
     * For how long the broker waits for a consumer to let go of its partitions when the group changes, in milliseconds; default 60,000. A handler
     * that takes longer than three quarters of it may meet its successor in another process.
     */
    readonly rebalanceTimeoutMs?: number;
    /** How many messages a consumer has in hand at most: handled, about to be, or waiting to be retried. Default 1,000. */
    readonly maxInFlight?: number;
    /** How often offsets are committed, in milliseconds; default 500. */
    readonly commitIntervalMs?: number;
    /**
     * Publishes the events of each call in one transaction: all or none are seen. Name it after the instance, and alike after its restart: two
     * that are in use at the same time shut each other out.
     */
    readonly transactionalId?: string;
    /** Default `none`. */
    readonly compression?: KafkaCompression;
    /** The topic that keeps the group's dead letters, where `deadLetters` names no other place; default: the group's name and `.dead-letters`. */
    readonly deadLetterTopic?: string;
  };

/** The numbers among the options, checked. */
export interface KafkaNumbers {
  readonly sessionTimeoutMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly maxInFlight: number;
  readonly commitIntervalMs: number;
}

const defaults: KafkaNumbers = { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000, maxInFlight: 1_000, commitIntervalMs: 500 };

/** @throws InvalidArgumentError when one is not a whole number from 1. */
export function numbersOf(options: KafkaEventBusOptions): KafkaNumbers {
  const { partitions, replicationFactor } = options;
  for (const [name, value] of Object.entries({ partitions, replicationFactor })) if (value !== undefined) wholeNumber(name, value);
  return {
    sessionTimeoutMs: wholeNumber('sessionTimeoutMs', options.sessionTimeoutMs ?? defaults.sessionTimeoutMs),
    rebalanceTimeoutMs: wholeNumber('rebalanceTimeoutMs', options.rebalanceTimeoutMs ?? defaults.rebalanceTimeoutMs),
    maxInFlight: wholeNumber('maxInFlight', options.maxInFlight ?? defaults.maxInFlight),
    commitIntervalMs: wholeNumber('commitIntervalMs', options.commitIntervalMs ?? defaults.commitIntervalMs),
  };
}

/** @throws InvalidArgumentError unless there are either brokers or a client. */
export function checkLocation({ brokers, client }: KafkaLocation): void {
  if (isClient(client) && brokers === undefined) return;
  if (client === undefined && Array.isArray(brokers) && brokers.length > 0 && brokers.every((broker) => /^.+:\d+$/.test(broker))) return;
  throw new InvalidArgumentError(
    'KafkaEventBus needs either `brokers`, a list such as ["localhost:9092"], or a `client`, which is a `Kafka` of kafkajs or what ' +
      '`confluentKafka` makes, and not both.',
  );
}

function isClient(client: KafkaLocation['client']): boolean {
  if (typeof client !== 'object' || client === null) return false;
  return 'createConsumer' in client || ('producer' in client && typeof client.producer === 'function');
}

function wholeNumber(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= 2 ** 31 - 1) return value;
  throw new InvalidArgumentError(`KafkaEventBus needs a ${option} that is a whole number from 1; it got ${String(value)}.`);
}
