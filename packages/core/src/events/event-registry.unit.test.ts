import { describe, expect, test } from 'vitest';
import { defineEvent, EventRegistry } from '../index.ts';

const A = defineEvent('A');
const B = defineEvent('B');

describe('EventRegistry', () => {
  test('refuses two definitions of one type, but not the same one twice', () => {
    expect(() => new EventRegistry([A, B, defineEvent('A')])).toThrow(
      expect.objectContaining({ code: 'ES_EVENT_DEFINITION', message: expect.stringContaining('"A"') }),
    );
    expect(new EventRegistry([A, B, A]).types).toEqual(['A', 'B']);
  });

  test('names an unknown type, the event and what is known', () => {
    const find = (): unknown => new EventRegistry([B, A]).definitionOf({ type: 'C', id: 'e-1' });

    expect(find).toThrow(expect.objectContaining({ code: 'ES_UNKNOWN_EVENT_TYPE', eventType: 'C', eventId: 'e-1' }));
    expect(find).toThrow(/Known: A, B\./);
  });

  test('refuses what is no definition, such as an import that a cycle left undefined', () => {
    expect(() => new EventRegistry([undefined as never])).toThrow(/import cycle/);
  });

  test('grows into a new registry and stays itself', () => {
    const registry = new EventRegistry([A]);

    expect(registry.with([B]).has('B')).toBe(true);
    expect(registry.has('B')).toBe(false);
  });
});
