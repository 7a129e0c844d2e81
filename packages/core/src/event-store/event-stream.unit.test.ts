import { describe, expect, test } from 'vitest';
import { EventStream } from './event-stream.ts';

const setUp = (...pages: number[][]) => {
  const log = { opened: 0, pulled: 0, returned: 0 };
  const stream = new EventStream<number>({
    async *[Symbol.asyncIterator]() {
      log.opened += 1;
      try {
        for (const page of pages) {
          log.pulled += 1;
          yield page;
        }
      } finally {
        log.returned += 1;
      }
    },
  });
  return { log, stream };
};

describe('EventStream', () => {
  test('flattens pages, empty ones too, and can be iterated again', async () => {
    const { stream, log } = setUp([1, 2], [], [3]);
    const seen: number[] = [];
    for await (const event of stream) seen.push(event);

    expect(seen).toEqual([1, 2, 3]);
    expect(await stream.toArray()).toEqual([1, 2, 3]);
    expect(log.opened).toBe(2);
  });

  test('reads nothing before it is iterated, and no page before it is needed', async () => {
    const { stream, log } = setUp([1, 2], [3]);
    expect(log.opened).toBe(0);
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.next();
    expect(log.pulled).toBe(1);
    await iterator.next();
    expect(log.pulled).toBe(2);
  });

  test('closes the read when it is abandoned, and yields nothing afterwards', async () => {
    const { stream, log } = setUp([1, 2], [3]);
    for await (const event of stream) if (event === 1) break;
    expect(log.returned).toBe(1);
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    await iterator.return?.();

    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('gives the first event, or none', async () => {
    const { stream, log } = setUp([7, 8], [9]);

    expect(await stream.first()).toBe(7);
    expect(log).toEqual({ opened: 1, pulled: 1, returned: 1 });
    expect(await setUp().stream.first()).toBeUndefined();
  });
});
