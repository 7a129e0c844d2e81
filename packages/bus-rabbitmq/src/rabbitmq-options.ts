import { type BrokerEventBusOptions, cloudEvents, type DomainEvent, type EventCodec, InvalidArgumentError } from '@es/core';
import type { SocketOptions } from 'amqplib';
import type { AmqpConnect } from './amqp-driver.ts';

/** Where the broker is. */
export type RabbitMQLocation =
  | {
      /** `amqp://user:password@host:port/vhost`, or `amqps:` for TLS, with amqplib's parameters, such as `?heartbeat=10`. */
      readonly url: string;
      /** Passed on to amqplib: certificates (`ca`, `cert`, `key`, `servername`), `credentials`, `timeout`, `clientProperties`. */
      readonly socketOptions?: SocketOptions;
      readonly connect?: never;
    }
  | {
      /** Makes a new connection at every call, by amqplib or what is like it. The bus closes the connections that it asked for. */
      readonly connect: AmqpConnect;
      readonly url?: never;
      readonly socketOptions?: never;
    };

/** What exchange and queues are called. */
export interface RabbitMQNameOptions {
  /** The durable topic exchange that events are published to; default `events`. */
  readonly exchange?: string;
  /** What the names of the group's exchange and queues begin with; default: the exchange, a dot and the consumer group. */
  readonly queue?: string;
  /** The queue of the group's dead letters; default: `queue` and `.dead-letters`. */
  readonly deadLetterQueue?: string;
}

/** What an event bus on RabbitMQ can be given. */
export type RabbitMQEventBusOptions = RabbitMQLocation &
  RabbitMQNameOptions &
  BrokerEventBusOptions & {
    /** The routing key of an event; default `<aggregateType>.<eventType>`. */
    readonly routingKey?: (event: DomainEvent) => string;
    /** Which events the group gets: patterns of routing keys, as topic exchanges know them; default `['#']`, all. */
    readonly bindings?: readonly string[];
    /**
     * `aggregate`: the events of one aggregate are handled in their order, by one consumer of the group at a time. `none`: any consumer takes any
     * event, from one queue. Default `aggregate`.
     */
    readonly ordering?: 'aggregate' | 'none';
    /** How many queues the aggregates of a group are spread over, which is how many consumers can share the work; 1 to 64, default 8. */
    readonly partitions?: number;
    /** How many events of a queue this bus holds at most; default 100. */
    readonly prefetch?: number;
    /** How often the broker delivers an event again, after its consumers were lost, before that is a dead letter; default 20. */
    readonly deliveryLimit?: number;
    /** Whether publishing an event that no queue would get fails; default `refuse`. */
    readonly unroutable?: 'refuse' | 'accept';
    /** Whether exchanges and queues are made where they are missing; default true. With false they must be there. */
    readonly declare?: boolean;
    /** How often the bus looks whether it has more than its share of the group's queues, in milliseconds; default 1,000. */
    readonly rebalanceIntervalMs?: number;
  };

/** The exchange of whoever names none; eventsource-py's too. */
export const defaultExchange = 'events';

/** RabbitMQ 4's own default. */
export const defaultDeliveryLimit = 20;

/** Aggregates fall into so many slots, whatever the number of partitions: a promise between publishers and consumers of all versions. */
export const slotCount = 64;

/** The options with their defaults. */
export interface ResolvedRabbitMQOptions {
  readonly exchange: string;
  /** `undefined` for a bus that only publishes. */
  readonly consumerGroup: string | undefined;
  readonly codec: EventCodec;
  readonly routingKey: (event: DomainEvent) => string;
  readonly bindings: readonly string[];
  readonly ordering: 'aggregate' | 'none';
  readonly partitions: number;
  readonly prefetch: number;
  readonly deliveryLimit: number;
  readonly mandatory: boolean;
  readonly declare: boolean;
  readonly rebalanceIntervalMs: number;
}

/** What AMQP can say in its 16 bits. */
const largestPrefetch = 2 ** 16 - 1;
const longestIntervalMs = 2 ** 31 - 1;

/** @throws InvalidArgumentError when an option can't be meant. */
export function resolveOptions(options: RabbitMQEventBusOptions): ResolvedRabbitMQOptions {
  const { exchange = defaultExchange, ordering = 'aggregate', unroutable = 'refuse', bindings = ['#'], consumerGroup } = options;
  checkLocation('RabbitMQEventBus', options);
  oneOf('ordering', ordering, ['aggregate', 'none']);
  oneOf('unroutable', unroutable, ['refuse', 'accept']);
  text('exchange', exchange);
  if (consumerGroup !== undefined) text('consumerGroup', consumerGroup);
  if (!Array.isArray(bindings) || bindings.length === 0) refuse('bindings', 'a list of at least one pattern', bindings);
  return {
    exchange,
    consumerGroup,
    codec: options.codec ?? cloudEvents(),
    routingKey: options.routingKey ?? typeOfAggregateAndEvent,
    bindings,
    ordering,
    partitions: ordering === 'none' ? 1 : whole('partitions', options.partitions ?? 8, slotCount),
    prefetch: whole('prefetch', options.prefetch ?? 100, largestPrefetch),
    deliveryLimit: whole('deliveryLimit', options.deliveryLimit ?? defaultDeliveryLimit, Number.MAX_SAFE_INTEGER),
    mandatory: unroutable === 'refuse',
    declare: options.declare ?? true,
    rebalanceIntervalMs: whole('rebalanceIntervalMs', options.rebalanceIntervalMs ?? 1_000, longestIntervalMs),
  };
}

/** @throws InvalidArgumentError unless there is either a URL or a way to connect. */
export function checkLocation(component: string, { url, connect }: RabbitMQLocation): void {
  if (url === undefined && typeof connect === 'function') return;
  if (connect === undefined && typeof url === 'string' && /^amqps?:$/.test(URL.parse(url)?.protocol ?? '')) return;
  throw new InvalidArgumentError(
    `${component} needs either a \`url\` such as amqp://user:password@host:5672/vhost (or amqps:) or a function \`connect\`, and not both.`,
  );
}

function typeOfAggregateAndEvent({ aggregateType, type }: DomainEvent): string {
  return `${aggregateType}.${type}`;
}

function whole(option: string, value: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  return refuse(option, `a whole number from 1 to ${most}`, value);
}

function text(option: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') refuse(option, 'text that is not empty', value);
}

function oneOf(option: string, value: string, values: readonly string[]): void {
  if (!values.includes(value)) refuse(option, values.map((one) => `'${one}'`).join(' or '), value);
}

function refuse(option: string, expected: string, got: unknown): never {
  throw new InvalidArgumentError(`RabbitMQEventBus needs ${option} to be ${expected}; it got ${JSON.stringify(got)}.`);
}
