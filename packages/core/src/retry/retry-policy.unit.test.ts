import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffDelay, type RetryPolicy, resolveRetryPolicy } from './retry-policy.ts';

const defaults: RetryPolicy = { maxAttempts: 5, initialDelayMs: 10, maxDelayMs: 100, jitter: 'full' };

describe('a retry policy', () => {
  test('takes what is given and fills in the rest', () => {
    expect(resolveRetryPolicy(undefined, defaults)).toEqual({ ...defaults, factor: 2 });
    expect(resolveRetryPolicy({ maxAttempts: 1, factor: 3, jitter: 'none' }, defaults)).toEqual({
      maxAttempts: 1,
      initialDelayMs: 10,
      maxDelayMs: 100,
      factor: 3,
      jitter: 'none',
    });
  });

  test('can go on for ever', () => {
    expect(resolveRetryPolicy({ maxAttempts: Number.POSITIVE_INFINITY }, defaults).maxAttempts).toBe(Number.POSITIVE_INFINITY);
  });

  test.each<[Partial<RetryPolicy>, RegExp]>([
    [{ maxAttempts: 0 }, /maxAttempts that is a whole number from 1, or Infinity; it got 0/],
    [{ maxAttempts: 1.5 }, /maxAttempts/],
    [{ initialDelayMs: -1 }, /initialDelayMs/],
    [{ initialDelayMs: Number.NaN }, /initialDelayMs/],
    [{ maxDelayMs: 2 ** 31 }, /maxDelayMs/],
    [{ factor: 0.5 }, /factor/],
    [{ jitter: 'some' as 'full' }, /jitter that is 'full' or 'none'; it got some/],
  ])('refuses %j', (given, message) => {
    expect(() => resolveRetryPolicy(given, defaults)).toThrow(
      expect.objectContaining({ code: 'ES_INVALID_ARGUMENT', message: expect.stringMatching(message) }),
    );
  });
});

describe('backoff', () => {
  test('grows by its factor up to the longest wait', () => {
    const policy = resolveRetryPolicy({ jitter: 'none' }, defaults);
    expect([1, 2, 3, 4, 5, 6, 5_000].map((attempt) => backoffDelay(policy, attempt))).toEqual([10, 20, 40, 80, 100, 100, 100]);
  });

  test('with full jitter waits a random part of that', () => {
    const policy = resolveRetryPolicy({}, defaults);
    expect(backoffDelay(policy, 3, () => 0)).toBe(0);
    expect(backoffDelay(policy, 3, () => 0.5)).toBe(20);
    expect(backoffDelay(policy, 3, () => 0.999)).toBeCloseTo(39.96);
  });

  test('is never negative, too long, or no number', () => {
    const policies = fc.record({
      maxAttempts: fc.constant(Number.POSITIVE_INFINITY),
      initialDelayMs: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      maxDelayMs: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      factor: fc.double({ min: 1, max: 1e6, noNaN: true }),
      jitter: fc.constantFrom('full' as const, 'none' as const),
    });
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 1_000_000 }), (given, attempt) => {
        const wait = backoffDelay(resolveRetryPolicy(given, defaults), attempt);
        return wait >= 0 && wait <= given.maxDelayMs;
      }),
    );
  });
});
