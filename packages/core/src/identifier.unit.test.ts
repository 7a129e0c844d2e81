import { expect, test } from 'vitest';
import { isIdentifier } from './identifier.ts';
import { defineEvent, InMemoryEventStore } from './index.ts';

test('identifiers are text that every database keeps as it is', () => {
  expect(['t-1', 'ключ', '🦆', ' '].map(isIdentifier)).toEqual([true, true, true, true]);
  expect(['', '\ud800', 'a\udc00b', 'a\0b', 7, undefined].map(isIdentifier)).toEqual([false, false, false, false, false, false]);
});

test.each([
  ['stream', { aggregateType: 'Note', aggregateId: 'n\ud800' }, {}],
  ['event id', { aggregateType: 'Note', aggregateId: 'n' }, { id: 'e\0' }],
  ['tag', { aggregateType: 'Note', aggregateId: 'n' }, { tags: ['\udfff'] }],
  ['tenant', { aggregateType: 'Note', aggregateId: 'n' }, { tenantId: '' }],
])('a store refuses a %s that is none', async (_what, stream, wrong) => {
  const event = { ...defineEvent('Noted').create(), ...wrong };

  await expect(new InMemoryEventStore().appendEvents(stream, [event], { expectedVersion: 'any' })).rejects.toMatchObject({
    code: 'ES_INVALID_ARGUMENT',
  });
});
