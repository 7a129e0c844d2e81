import { type DeadLetter, uuidV7 } from '@es/core';

/** A letter as a bus would write it. */
export function aLetter(more: Partial<DeadLetter> = {}): DeadLetter {
  return {
    id: uuidV7(),
    source: 'orders',
    destination: 'events',
    headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
    content: { kind: 'raw', encoding: 'utf8', body: '{' },
    reason: 'undecodable',
    error: { name: 'SyntaxError', message: 'Unexpected end of JSON input' },
    attempts: 1,
    firstFailedAt: '2026-01-01T00:00:00.000Z',
    lastFailedAt: '2026-01-01T00:00:00.000Z',
    ...more,
  };
}

/** A letter about an event, with whatever JSON may hold in its data. */
export function aLetterOfEvent(more: Partial<DeadLetter> = {}): DeadLetter {
  const id = uuidV7();
  return aLetter({
    handler: 'send-mail',
    content: {
      kind: 'event',
      event: {
        id,
        type: 'OrderPlaced',
        schemaVersion: 2,
        occurredAt: '2026-01-01T00:00:00.123Z',
        aggregateId: 'o-1',
        aggregateType: 'Order',
        version: 3,
        data: { text: 'zero \u0000, half \ud83d, größe 😀', none: null, nested: [[], {}, 1e21, -0.5, true], 'a "key"': '' },
        metadata: { shard: 7 },
        tags: ['big'],
        correlationId: id,
        causationId: id,
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      },
    },
    reason: 'handler-failed',
    error: { name: 'StorageError', code: 'ES_STORAGE_BUSY', message: 'no answer\n\tfrom \u0000 😀' },
    attempts: 5,
    lastFailedAt: '2026-01-01T00:05:00.000Z',
    ...more,
  });
}

/** The ids of letters, to compare lists of them. */
export function idsOf(letters: readonly DeadLetter[]): string[] {
  return letters.map(({ id }) => id);
}
