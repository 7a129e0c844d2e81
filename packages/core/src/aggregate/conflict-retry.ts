import type { RetryPolicy } from '../retry/retry-policy.ts';

/** How version conflicts are retried where nothing else is said: soon, since whoever won is done by now. */
export const conflictRetryDefaults: RetryPolicy = { maxAttempts: 5, initialDelayMs: 5, maxDelayMs: 250, factor: 2, jitter: 'full' };
