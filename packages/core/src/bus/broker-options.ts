import { InvalidArgumentError } from '../errors/argument-error.ts';
import { type RetryPolicy, resolveRetryPolicy } from '../retry/retry-policy.ts';
import type { EventBusOptions } from './event-bus-options.ts';
import type { EventCodec } from './event-codec.ts';

/** What every event bus over a broker can be given. */
export interface BrokerEventBusOptions extends EventBusOptions {
  /**
   * Name under which this bus and others, in any process, share the events: each is handled by one of them. Every group gets every event.
   * `startConsuming` needs it; a bus that only publishes does not.
   */
  readonly consumerGroup?: string;
  /** How events travel; default: CloudEvents in binary mode. */
  readonly codec?: EventCodec;
  /** How long a publish may take until the broker has confirmed it, reconnecting included, in milliseconds; default 30 seconds. */
  readonly publishTimeoutMs?: number;
  /** How long to wait before connecting again after the connection was lost; default: half a second at first, and never more than 15. */
  readonly reconnect?: Partial<Omit<RetryPolicy, 'maxAttempts'>>;
}

const defaultPublishTimeoutMs = 30_000;
const defaultReconnect: RetryPolicy = { maxAttempts: Number.POSITIVE_INFINITY, initialDelayMs: 500, maxDelayMs: 15_000, jitter: 'full' };

/** @throws InvalidArgumentError when it is not a positive number of milliseconds. */
export function publishTimeoutOf({ publishTimeoutMs = defaultPublishTimeoutMs }: BrokerEventBusOptions): number {
  if (Number.isFinite(publishTimeoutMs) && publishTimeoutMs > 0) return publishTimeoutMs;
  throw new InvalidArgumentError(`An event bus needs a publishTimeoutMs above 0; it got ${String(publishTimeoutMs)}.`);
}

/** @throws InvalidArgumentError when a number is out of its range. */
export function reconnectOf({ reconnect }: BrokerEventBusOptions): RetryPolicy {
  return resolveRetryPolicy(reconnect, defaultReconnect);
}
