import { getLogger } from '@es/otel';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { DeadLetter } from './dead-letter.ts';
import { DeadLetterWriter } from './dead-letter-writer.ts';
import { InMemoryDeadLetterStore } from './in-memory-dead-letter-store.ts';

const letter: DeadLetter = {
  id: 'a',
  source: 'mails',
  destination: 'tasks',
  headers: {},
  content: { kind: 'raw', encoding: 'utf8', body: '' },
  reason: 'undecodable',
  error: { name: 'Error', message: 'no' },
  attempts: 1,
  firstFailedAt: '2026-01-01T00:00:00.000Z',
  lastFailedAt: '2026-01-01T00:00:00.000Z',
};

const logger = getLogger('test.dead-letters');
logger.setLevel('silent');

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('tries until the store has confirmed', async () => {
  const store = new InMemoryDeadLetterStore();
  const add = vi.spyOn(store, 'add').mockRejectedValueOnce(new Error('down')).mockRejectedValueOnce(new Error('down'));
  const writing = new DeadLetterWriter(store, logger, new AbortController().signal).write(letter);
  await vi.runAllTimersAsync();
  await writing;
  expect(add).toHaveBeenCalledTimes(3);
  expect(await store.count()).toBe(1);
});

test('gives up only when there is no more time', async () => {
  const store = new InMemoryDeadLetterStore();
  vi.spyOn(store, 'add').mockRejectedValue(new Error('down'));
  const end = new AbortController();
  const refused = expect(new DeadLetterWriter(store, logger, end.signal).write(letter)).rejects.toMatchObject({ code: 'ES_ABORTED' });
  await vi.advanceTimersByTimeAsync(3_600_000);
  end.abort();
  await refused;
});
