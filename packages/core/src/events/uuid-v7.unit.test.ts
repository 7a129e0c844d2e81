import { afterEach, describe, expect, test, vi } from 'vitest';
import { uuidV7 } from './uuid-v7.ts';

afterEach(() => vi.useRealTimers());

describe('uuidV7', () => {
  test('has the version, the variant and the time of RFC 9562', () => {
    vi.useFakeTimers({ now: Date.now() + 60_000 });
    const id = uuidV7();

    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(Date.now());
  });

  test('is in order within a process, also within a millisecond, beyond the counter, and when the clock goes back', () => {
    const start = Date.now() + 120_000;
    vi.useFakeTimers({ now: start });
    const ids = Array.from({ length: 10_000 }, uuidV7);
    vi.setSystemTime(start - 60_000);
    ids.push(uuidV7());

    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
