import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineEvent } from './define-event.ts';
import { readData } from './event-data.ts';
import { copyJson } from './json-copy.ts';

const anything = defineEvent('Anything', { schema: z.any() });
const refused = (data: unknown): unknown =>
  expect(() => anything.create(data)).toThrow(expect.objectContaining({ code: 'ES_INVALID_EVENT_DATA' }));

describe('data of events', () => {
  test('what is accepted can be stored and read back as it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (data) => {
        const event = anything.create(data);
        const read = readData(anything, JSON.parse(JSON.stringify(event.data)), event.id);
        expect(read).toStrictEqual(event.data);
      }),
    );
  });

  test('is a copy: what the caller does to its own object later changes nothing, and the object stays unfrozen', () => {
    const data = { items: [{ name: 'a' }] };
    const event = anything.create(data);
    data.items.push({ name: 'b' });

    expect(event.data).toStrictEqual({ items: [{ name: 'a' }] });
    expect(Object.isFrozen(event.data.items[0])).toBe(true);
  });

  test.each([
    ['NaN', { price: Number.NaN }, 'price'],
    ['an infinity', { prices: [1, Number.POSITIVE_INFINITY] }, 'prices[1]'],
    ['a bigint', { a: { b: 1n } }, 'a.b'],
    ['a function', { f: () => 1 }, 'f'],
    ['undefined in an array', { list: [undefined] }, 'list[0]'],
    ['a Map', { map: new Map() }, 'map'],
    ['an instance of a class', { point: new (class Point {})() }, 'point'],
    ['an invalid date', { at: new Date(Number.NaN) }, 'at'],
  ])('refuses %s and names its path', (_what, data, path) => {
    expect(() => anything.create(data)).toThrow(expect.objectContaining({ issues: [expect.objectContaining({ path })] }));
  });

  test('refuses what contains itself or is nested without end', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    refused(circle);
    expect(anything.create(JSON.parse(`${'['.repeat(500)}${']'.repeat(500)}`)).data).toBeDefined();
  });

  test('keeps odd keys as what they are', () => {
    const data = JSON.parse('{"__proto__":{"admin":true},"constructor":1,"":2}');
    const copy = anything.create(data).data;

    expect(JSON.stringify(copy)).toBe('{"__proto__":{"admin":true},"constructor":1,"":2}');
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
  });

  test('leaves out properties that are undefined, and stores -0 as 0, as JSON does', () => {
    expect(anything.create({ a: undefined, b: -0 }).data).toStrictEqual({ b: 0 });
  });

  test('dates come back as dates by a schema that coerces them', () => {
    const Scheduled = defineEvent('Scheduled', { schema: z.object({ at: z.coerce.date() }) });
    const { data, id } = Scheduled.create({ at: new Date('2024-02-29T12:00:00Z') });

    expect(data.at).toEqual(new Date('2024-02-29T12:00:00Z'));
    expect(readData(Scheduled, JSON.parse(JSON.stringify(data)), id)).toEqual(data);
  });

  test('refuses at once what could be stored but never read back', () => {
    const Counted = defineEvent('Counted', { schema: z.object({ word: z.string().transform((word) => word.length) }) });
    const Dated = defineEvent('Dated', { schema: z.object({ at: z.date() }) });

    expect(() => Counted.create({ word: 'four' })).toThrow(/not read back/);
    expect(() => Dated.create({ at: new Date() })).toThrow(/not read back/);
  });
});

describe('copyJson', () => {
  test('tells whether the copy says what a reference says', () => {
    expect(copyJson({ a: 1, b: [{ c: 'x' }] }, { b: [{ c: 'x' }], a: 1 }).same).toBe(true);
    expect(copyJson({ a: 1, b: 2 }, { a: 1 }).same).toBe(false);
    expect(copyJson({ a: 1 }, { a: 1, b: 2 }).same).toBe(false);
    expect(copyJson([1, 2], [1]).same).toBe(false);
    expect(copyJson(null, undefined).same).toBe(false);
    expect(copyJson({}, []).same).toBe(false);
  });
});
