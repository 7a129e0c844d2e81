import { expect, test } from 'vitest';
import type { EventRecord } from './event-record.ts';
import { PageSize } from './page-size.ts';

const pageOf = (count: number, characters: number): EventRecord[] =>
  Array.from({ length: count }, () => ({ data: 'x'.repeat(characters), metadata: null }) as EventRecord);

test('PageSize begins small, grows to its bound with small events, and shrinks to single events with huge ones', () => {
  const size = new PageSize(64, 512);
  expect(size.rows).toBe(64);
  size.learnFrom(pageOf(64, 100));
  expect(size.rows).toBe(512);
  size.learnFrom(pageOf(4, 65_536));
  expect(size.rows).toBe(4);
  size.learnFrom(pageOf(1, 1_000_000));
  expect(size.rows).toBe(1);
  size.learnFrom([]);
  expect(size.rows).toBe(1);
});
