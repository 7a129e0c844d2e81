import { type DeadLetter, uuidV7 } from '@es/core';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { expect, onTestFinished, test } from 'vitest';
import { PostgresDeadLetterStore } from './index.ts';

function aLetter(more: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: uuidV7(),
    source: 'orders',
    destination: 'events',
    headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    content: { kind: 'raw', encoding: 'utf8', body: 'zero \u0000, half \ud83d' },
    reason: 'undecodable',
    error: { name: 'Error', message: 'no' },
    attempts: 1,
    firstFailedAt: '2026-01-01T00:00:00.000Z',
    lastFailedAt: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

describeWithPostgres('dead letters', ({ url }) => {
  const open = (schema: string): PostgresDeadLetterStore => {
    const store = new PostgresDeadLetterStore({ connectionString: url, schema });
    onTestFinished(() => store.close());
    return store;
  };

  test('come back as they were, oldest first, in pages, by source and handler', async () => {
    const store = open('listing');
    const letters = [aLetter(), aLetter({ handler: 'mail' }), aLetter({ source: 'invoices' }), aLetter({ handler: 'mail' })];
    for (const letter of letters.toReversed()) await store.add(letter);
    const [first, second, third, fourth] = letters;
    expect(await store.list()).toEqual(letters);
    expect(await store.list({ limit: 2, ...(first === undefined ? {} : { after: first.id }) })).toEqual([second, third]);
    expect(await store.list({ handler: 'mail' })).toEqual([second, fourth]);
    expect([await store.count(), await store.count({ source: 'orders' }), await store.count({ source: 'x' })]).toEqual([4, 3, 0]);
    await expect(store.list({ limit: 0 })).rejects.toMatchObject({ code: 'ES_INVALID_ARGUMENT' });
  });

  test('take the place of the one with the same id, and outlive the store', async () => {
    const letter = aLetter();
    const store = open('keeping');
    await store.add(letter);
    await store.add({ ...letter, attempts: 2 });
    await store.close();
    await expect(store.get(letter.id)).rejects.toMatchObject({ code: 'ES_CLOSED' });
    const later = open('keeping');
    expect(await later.get(letter.id)).toEqual({ ...letter, attempts: 2 });
    expect([await later.remove(letter.id), await later.remove(letter.id), await later.get(letter.id)]).toEqual([true, false, undefined]);
  });

  test('obey signals, and need an id', async () => {
    const store = open('signals');
    for (const attempt of [
      store.add(aLetter(), { signal: AbortSignal.abort() }),
      store.list({ signal: AbortSignal.abort() }),
      store.count({ signal: AbortSignal.abort() }),
      store.get('a', { signal: AbortSignal.abort() }),
      store.remove('a', { signal: AbortSignal.abort() }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'ES_ABORTED' });
    }
    await expect(store.add(aLetter({ id: '' }))).rejects.toMatchObject({ code: 'ES_INVALID_ARGUMENT' });
  });
});
