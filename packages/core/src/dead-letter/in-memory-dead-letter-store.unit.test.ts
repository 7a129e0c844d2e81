import { describe, expect, test } from 'vitest';
import type { DeadLetter } from './dead-letter.ts';
import { InMemoryDeadLetterStore } from './in-memory-dead-letter-store.ts';

const letter: DeadLetter = {
  id: 'a',
  source: 'mails',
  handler: 'send',
  destination: 'tasks',
  headers: { a: '1' },
  content: { kind: 'raw', encoding: 'utf8', body: '{' },
  reason: 'undecodable',
  error: { name: 'Error', message: 'no' },
  attempts: 1,
  firstFailedAt: '2026-01-01T00:00:00.000Z',
  lastFailedAt: '2026-01-01T00:00:00.000Z',
};

// What every dead letter store does is in the conformance suite.
describe('dead letters in memory', () => {
  test('are frozen, since a reader gets what is kept', async () => {
    const store = new InMemoryDeadLetterStore();
    await store.add(letter);
    const kept = await store.get('a');
    expect([Object.isFrozen(kept), Object.isFrozen(kept?.headers), Object.isFrozen(kept?.content)]).toEqual([true, true, true]);
  });

  test('that can’t be kept are refused with the field that is wrong', async () => {
    const store = new InMemoryDeadLetterStore();
    for (const [wrong, field] of [
      [{ id: '' }, '`id`'],
      [{ source: '' }, '`source`'],
      [{ handler: 'a\0' }, '`handler`'],
      [{ attempts: Number.NaN }, 'attempts NaN'],
    ] as const) {
      await expect(store.add({ ...letter, ...wrong })).rejects.toMatchObject({ message: expect.stringContaining(field) });
    }
    await expect(store.add(undefined as never)).rejects.toMatchObject({ code: 'ES_INVALID_ARGUMENT' });
  });
});
