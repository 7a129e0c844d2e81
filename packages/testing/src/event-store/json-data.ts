import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { EventStore } from '@es/core';
import { errorSays, rejectsWith } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream, readStream } from './sample-events.ts';

/** Appends each value as the data of an event and gives back what the store made of them. */
async function roundTrip(store: EventStore, values: readonly unknown[]): Promise<unknown[]> {
  const stream = aStream();
  await store.appendEvents(
    stream,
    values.map((data) => anEvent({ data })),
    anyVersion,
  );
  return (await readStream(store, stream)).map((event) => event.data);
}

const texts: readonly string[] = [
  '',
  ' ',
  'ASCII',
  'Grüße aus Köln',
  'привет, мир',
  '日本語のテキスト',
  'مرحبا بالعالم',
  'e\u0301 is not \u00e9',
  '👩‍👩‍👧‍👦 🏳️‍🌈 𝒳',
  'quotes " \' ` and back\\slashes',
  'lines\r\nand\ttabs',
  'zero \u0000 and controls \u0001\u001f\u007f',
  'separators \u2028\u2029 and a mark \ufeff',
  'a lone surrogate \ud83d and another \udc00',
  "'; DROP TABLE events; --",
  'placeholders %s {0} :name ?1 $1 #{x}',
];

const numbers: readonly number[] = [
  0,
  1,
  -1,
  0.1 + 0.2,
  2 ** 31,
  2 ** 32,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53) + 1,
  2 ** 63,
  2 ** 64,
  1e21,
  1e308,
  -1e308,
  Number.MAX_VALUE,
  5e-324,
  Number.EPSILON,
  2.2250738585072014e-308,
  123456789.12345679,
];

const values: readonly unknown[] = [
  null,
  true,
  false,
  'text',
  42,
  [],
  [[]],
  [[1, [2, [3, [[[4]]]]]], {}],
  [null, null],
  [1, 'two', false, null, { five: 5 }],
  {},
  { a: {} },
  { a: null, b: [], c: '' },
];

/** Keys that break what is built by careless assignment, path or pattern. */
const oddKeys =
  '{"__proto__":{"polluted":true},"constructor":1,"toString":"x","hasOwnProperty":null,"":"empty","a.b":1,"$ref":2,"1":"number","0":"zero","länge":3,"key with \\"quotes\\"":4,"a\\nb":5}';

function nested(depth: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? { level, inner: value } : [value];
  return value;
}

export const jsonData: readonly EventStoreCase[] = [
  {
    name: 'text of any script and length comes back as it was',
    run: async ({ store }) => {
      const all = [...texts, 'x'.repeat(1_000_000), 'ü'.repeat(100_000)];
      assert.deepEqual(
        await roundTrip(
          store,
          all.map((text) => ({ text })),
        ),
        all.map((text) => ({ text })),
      );
      const keys = texts.map((text) => ({ [text]: 1 }));
      assert.deepEqual(await roundTrip(store, keys), keys);
    },
  },
  {
    name: 'numbers come back exactly, to the edge of what a number can hold',
    run: async ({ store }) => {
      const stored = await roundTrip(
        store,
        numbers.map((number) => ({ number, list: [number] })),
      );
      for (const [index, number] of numbers.entries()) {
        const { number: back, list } = stored[index] as { number: unknown; list: unknown[] };
        assert.ok(Object.is(back, number) && Object.is(list[0], number), `${number} came back as ${String(back)}`);
      }
    },
  },
  {
    name: 'minus zero comes back as zero, as in JSON',
    run: async ({ store }) => {
      const [data] = (await roundTrip(store, [{ number: -0 }])) as [{ number: number }];
      assert.ok(Object.is(data.number, 0));
    },
  },
  {
    name: 'null, booleans, empty and nested arrays and objects come back as they were',
    run: async ({ store }) => {
      const objects = values.map((value) => ({ value }));
      assert.deepEqual(await roundTrip(store, objects), objects);
      const bare = values.filter((value) => value !== null);
      assert.deepEqual(await roundTrip(store, bare), bare);
    },
  },
  {
    name: 'odd keys come back as own properties, __proto__ among them',
    run: async ({ store }) => {
      const [data] = await roundTrip(store, [JSON.parse(oddKeys)]);
      assert.equal(JSON.stringify(data), JSON.stringify(JSON.parse(oddKeys)));
      assert.ok(Object.hasOwn(data as object, '__proto__'));
      assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    },
  },
  {
    name: 'deep and wide data comes back as it was',
    run: async ({ store }) => {
      const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, index]));
      const all = [{ deep: nested(500) }, { wide }, { list: Array.from({ length: 10_000 }, (_, index) => index) }];
      const stored = await roundTrip(store, all);
      for (const [index, data] of all.entries())
        assert.ok(isDeepStrictEqual(stored[index], data), `${Object.keys(data)[0]} data came back changed`);
    },
  },
  {
    name: 'properties that are undefined are left out',
    run: async ({ store }) => {
      const [data] = await roundTrip(store, [{ a: undefined, b: { c: undefined, d: 1 } }]);
      assert.deepEqual(data, { b: { d: 1 } });
    },
  },
  {
    name: 'data that JSON can’t hold is refused, with the path to it',
    run: async ({ store }) => {
      const circle: unknown[] = [];
      circle.push(circle);
      const wrong = [Number.NaN, Number.NEGATIVE_INFINITY, 1n, () => 1, Symbol('s'), new Map(), new Set(), new (class Money {})(), circle];
      for (const value of wrong) {
        const event = anEvent({ data: { list: [{ value }] } });
        const error = await rejectsWith('ES_INVALID_EVENT_DATA', store.appendEvents(aStream(), [event], anyVersion));
        errorSays(error, { eventType: event.type, eventId: event.id });
        const [issue] = (error as { issues: { path: string }[] }).issues;
        assert.ok(issue?.path.startsWith('list[0].value'), `path ${issue?.path}`);
      }
      assert.equal(await store.getHeadPosition(), 0n);
    },
  },
];
