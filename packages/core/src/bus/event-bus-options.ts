import type { ComponentOptions } from '../component-options.ts';
import type { DeadLetterStore } from '../dead-letter/dead-letter-store.ts';
import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { AnyEventDefinition } from '../events/event-definition.ts';
import type { EventRegistry } from '../events/event-registry.ts';
import { type RetryPolicy, resolveRetryPolicy } from '../retry/retry-policy.ts';
import type { ConsumerSpans } from './consumer-telemetry.ts';

/** What every event bus can be given. */
export interface EventBusOptions extends ComponentOptions {
  /**
   * The definitions of all events on the bus. With them an event of any other type is refused when it is published, and a dead letter when it
   * is delivered; without, the bus knows the definitions that handlers subscribed with and carries any other event as it is.
   */
  readonly events?: EventRegistry | Iterable<AnyEventDefinition>;
  /** How many events are handled at the same time, each of another aggregate; default 10. Events that wait to be retried do not count. */
  readonly concurrency?: number;
  /** How often a handler is called for an event before that becomes a dead letter; default: 5 attempts within some seconds. */
  readonly retry?: Partial<RetryPolicy>;
  /** Where events go that could not be handled. Its owner closes it. Default: a store in memory, readable at `deadLetters` also after `stop()`. */
  readonly deadLetters?: DeadLetterStore;
  /** Whether a consumer span is a child of the producer span, in one trace, or `linked` to it from a trace of its own; default `children`. */
  readonly consumerSpans?: ConsumerSpans;
}

const defaultConcurrency = 10;
const defaultRetry: RetryPolicy = { maxAttempts: 5, initialDelayMs: 100, maxDelayMs: 10_000, jitter: 'full' };

/** @throws InvalidArgumentError when a number is out of its range. */
export function retryOf({ retry }: EventBusOptions): RetryPolicy {
  return resolveRetryPolicy(retry, defaultRetry);
}

/** @throws InvalidArgumentError when it is not a whole number from 1. */
export function concurrencyOf({ concurrency = defaultConcurrency }: EventBusOptions): number {
  if (Number.isSafeInteger(concurrency) && concurrency >= 1) return concurrency;
  throw new InvalidArgumentError(`An event bus needs a concurrency that is a whole number from 1; it got ${String(concurrency)}.`);
}
