import { describe, expect, test } from 'vitest';
import type { DeadLetter } from './dead-letter.ts';
import { InMemoryDeadLetterStore } from './in-memory-dead-letter-store.ts';

const letter = (id: string, fields: Partial<DeadLetter> = {}): DeadLetter => ({
  id,
  source: 'mails',
  handler: 'send',
  destination: 'tasks',
  headers: {},
  content: { kind: 'raw', encoding: 'utf8', body: '{' },
  reason: 'undecodable',
  error: { name: 'Error', message: 'no' },
  attempts: 1,
  firstFailedAt: '2026-01-01T00:00:00.000Z',
  lastFailedAt: '2026-01-01T00:00:00.000Z',
  ...fields,
});

const ids = (letters: readonly DeadLetter[]): string[] => letters.map(({ id }) => id);

describe('dead letters in memory', () => {
  test('are listed oldest first, in pages that survive removals in between', async () => {
    const store = new InMemoryDeadLetterStore();
    for (const id of ['b', 'e', 'a', 'd', 'c']) await store.add(letter(id));
    const page = await store.list({ limit: 2 });
    expect(ids(page)).toEqual(['a', 'b']);
    await store.remove('b');
    expect(ids(await store.list({ after: 'b', limit: 2 }))).toEqual(['c', 'd']);
    expect(ids(await store.list({ after: 'd' }))).toEqual(['e']);
    expect(await store.list({ after: 'e' })).toEqual([]);
  });

  test('are filtered and counted by source and handler', async () => {
    const store = new InMemoryDeadLetterStore();
    await store.add(letter('a'));
    await store.add(letter('b', { handler: 'archive' }));
    await store.add(letter('c', { source: 'reports' }));
    expect(ids(await store.list({ source: 'mails' }))).toEqual(['a', 'b']);
    expect(ids(await store.list({ source: 'mails', handler: 'archive' }))).toEqual(['b']);
    expect(await store.count({ source: 'reports' })).toBe(1);
    expect(await store.count()).toBe(3);
  });

  test('are found, replaced and removed by id', async () => {
    const store = new InMemoryDeadLetterStore();
    await store.add(letter('a'));
    await store.add(letter('a', { attempts: 2 }));
    expect(await store.get('a')).toMatchObject({ attempts: 2 });
    expect(await store.count()).toBe(1);
    expect(await store.remove('a')).toBe(true);
    expect(await store.remove('a')).toBe(false);
    expect(await store.get('a')).toBeUndefined();
  });

  test('are frozen copies', async () => {
    const store = new InMemoryDeadLetterStore();
    const headers: Record<string, string> = { a: '1' };
    await store.add(letter('a', { headers }));
    headers['a'] = '2';
    const kept = await store.get('a');
    expect(kept?.headers).toEqual({ a: '1' });
    expect(Object.isFrozen(kept?.headers)).toBe(true);
  });

  test('need an id and nothing but JSON', async () => {
    const store = new InMemoryDeadLetterStore();
    await expect(store.add(letter(''))).rejects.toMatchObject({ code: 'ES_INVALID_ARGUMENT', message: expect.stringContaining('id') });
    await expect(store.add(letter('a', { attempts: Number.NaN }))).rejects.toMatchObject({ message: expect.stringContaining('attempts') });
    await expect(store.list({ limit: 0 })).rejects.toMatchObject({ message: expect.stringContaining('limit') });
  });

  test('are closed to every operation after close, and to those with an aborted signal', async () => {
    const store = new InMemoryDeadLetterStore();
    const operations = (signal?: AbortSignal): Promise<unknown>[] => {
      const options = signal === undefined ? {} : { signal };
      return [
        store.add(letter('a'), options),
        store.list(options),
        store.count(options),
        store.get('a', options),
        store.remove('a', options),
      ];
    };
    for (const refused of operations(AbortSignal.abort())) await expect(refused).rejects.toMatchObject({ code: 'ES_ABORTED' });
    await store.close();
    await store.close();
    for (const refused of operations()) await expect(refused).rejects.toMatchObject({ code: 'ES_CLOSED' });
  });
});
