import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { upcastData } from './upcast.ts';

const Priced = defineEvent('Priced', {
  schema: z.object({ amount: z.number(), currency: z.string() }),
  schemaVersion: 3,
  upcast: {
    1: (data) => ({ amount: Number(data) }),
    2: (data) => ({ ...(data as object), currency: 'EUR' }),
  },
});
const stored = (schemaVersion: number) => ({ id: 'e-1', type: 'Priced', schemaVersion, metadata: {} });

describe('upcastData', () => {
  test.each([
    [1, '5'],
    [2, { amount: 5 }],
    [3, { amount: 5, currency: 'EUR' }],
  ])('brings schema version %i up step by step', (version, data) => {
    expect(upcastData(Priced, stored(version), data)).toEqual({ amount: 5, currency: 'EUR' });
  });

  test('refuses data that is newer than the code, and says so', () => {
    expect(() => upcastData(Priced, stored(4), {})).toThrow(
      expect.objectContaining({ code: 'ES_UPCAST', schemaVersion: 4, message: expect.stringContaining('newer code') }),
    );
  });

  test('refuses a version without a step', () => {
    const Late = defineEvent('Late', { schemaVersion: 3, upcast: { 2: (data) => data } });

    expect(() => upcastData(Late, stored(1), {})).toThrow(/no step from schema version 1/);
  });

  test('keeps the cause of a step that fails', () => {
    const cause = new Error('no amount');
    const Broken = defineEvent('Broken', {
      schemaVersion: 2,
      upcast: {
        1: () => {
          throw cause;
        },
      },
    });

    expect(() => upcastData(Broken, stored(1), {})).toThrow(expect.objectContaining({ code: 'ES_UPCAST', cause }));
  });
});
