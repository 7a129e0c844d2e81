import { InvalidArgumentError } from '../errors/argument-error.ts';

/** How often something is tried, and how long to wait in between. */
export interface RetryPolicy {
  /** Attempts in all, the first one included: a whole number from 1, or `Infinity`. */
  readonly maxAttempts: number;
  /** Longest wait after the first failure, in milliseconds from 0. */
  readonly initialDelayMs: number;
  /** No wait is longer than this, in milliseconds from 0. */
  readonly maxDelayMs: number;
  /** By how much the longest wait grows with each further failure, from 1; default 2. */
  readonly factor?: number;
  /** `full`: wait a random part of the longest wait, so that those who failed together don't come back together. `none`: all of it. */
  readonly jitter: 'full' | 'none';
}

/** What timers can wait: a greater number would make them fire at once. */
const longestDelayMs = 2 ** 31 - 1;

/**
 * Fills in what a caller left out of a retry policy.
 *
 * @throws InvalidArgumentError when a number is out of its range.
 */
export function resolveRetryPolicy(given: Partial<RetryPolicy> | undefined, defaults: RetryPolicy): RetryPolicy {
  const policy: RetryPolicy = {
    maxAttempts: given?.maxAttempts ?? defaults.maxAttempts,
    initialDelayMs: given?.initialDelayMs ?? defaults.initialDelayMs,
    maxDelayMs: given?.maxDelayMs ?? defaults.maxDelayMs,
    factor: given?.factor ?? defaults.factor ?? 2,
    jitter: given?.jitter ?? defaults.jitter,
  };
  assertRetryPolicy(policy);
  return Object.freeze(policy);
}

/**
 * How long to wait after a failed attempt: exponential backoff with full jitter, as in "Exponential Backoff And Jitter" (AWS Architecture
 * Blog, 2015).
 *
 * @param attempt - The attempt that failed, from 1.
 * @param random - Gives numbers from 0 to below 1; default `Math.random`.
 * @returns milliseconds, from 0 to the policy's `maxDelayMs`.
 */
export function backoffDelay(policy: RetryPolicy, attempt: number, random: () => number = Math.random): number {
  // Without the bound, 0 times an infinite growth would be no number.
  const growth = Math.min((policy.factor ?? 2) ** (attempt - 1), Number.MAX_VALUE);
  const longest = Math.min(policy.maxDelayMs, policy.initialDelayMs * growth);
  return policy.jitter === 'none' ? longest : longest * random();
}

function assertRetryPolicy({ maxAttempts, initialDelayMs, maxDelayMs, factor, jitter }: RetryPolicy): void {
  if (maxAttempts !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(maxAttempts) && maxAttempts >= 1)) {
    refuse('maxAttempts', 'a whole number from 1, or Infinity', maxAttempts);
  }
  for (const [name, value] of Object.entries({ initialDelayMs, maxDelayMs })) {
    if (!(value >= 0 && value <= longestDelayMs)) refuse(name, `a number of milliseconds from 0 to ${longestDelayMs}`, value);
  }
  if (!(Number.isFinite(factor) && Number(factor) >= 1)) refuse('factor', 'a number from 1', factor);
  if (jitter !== 'full' && jitter !== 'none') refuse('jitter', `'full' or 'none'`, jitter);
}

function refuse(name: string, expected: string, got: unknown): never {
  throw new InvalidArgumentError(`A retry policy needs a ${name} that is ${expected}; it got ${String(got)}.`);
}
