import { expect, test } from 'vitest';
import { ConnectionWatch } from './connection-watch.ts';

test('a connection that was lost and is there again is told once; the first one is none', () => {
  const watch = new ConnectionWatch();
  let count = 0;
  const reconnected = (): void => {
    count += 1;
  };
  watch.observe({ reconnected, rebalanced: () => undefined });
  watch.established();
  watch.lost();
  watch.lost();
  expect(count).toBe(0);
  watch.established();
  watch.established();
  expect(count).toBe(1);
});
