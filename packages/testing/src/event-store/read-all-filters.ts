import assert from 'node:assert/strict';
import type { EventStore, ReadAllOptions } from '@es/core';
import { sameItems } from '../conformance/expectations.ts';
import type { EventStoreCase } from './event-store-case.ts';
import { anEvent, anyVersion, aStream, idsOf, range } from './sample-events.ts';

const types = ['Opened', 'Renamed', 'Closed'] as const;
const tenants = ['acme', 'globex', undefined] as const;
const tags = [[], ['red'], ['red', 'big'], ['big'], ['reddish']] as const;

/** What was appended of an event, and where it ended up. */
interface Appended {
  readonly id: string;
  readonly type: string;
  readonly aggregateType: string;
  readonly tenantId: string | undefined;
  readonly tags: readonly string[];
  readonly position: bigint;
}

/** Appends events in which every combination of type, aggregate type, tenant and tags occurs. */
async function fill(store: EventStore, count: number): Promise<Appended[]> {
  const choices = range(1, count).map((number) => ({
    type: types[number % types.length] ?? '',
    aggregateType: number <= count / 2 ? 'Task' : 'Order',
    tenantId: tenants[number % tenants.length],
    tags: tags[(number + (number % 2)) % tags.length] ?? [],
  }));
  for (const aggregateType of ['Task', 'Order']) {
    const chosen = choices.filter((choice) => choice.aggregateType === aggregateType);
    const events = chosen.map(({ type, tags, tenantId }) => anEvent({ type, tags, ...(tenantId === undefined ? {} : { tenantId }) }));
    await store.appendEvents(aStream(aggregateType), events, anyVersion);
  }
  const stored = await store.readAll().toArray();
  assert.equal(stored.length, count);
  return stored.map(({ id, position }, index) => ({
    type: '',
    aggregateType: '',
    tenantId: undefined,
    tags: [],
    ...choices[index],
    id,
    position,
  }));
}

/** What a filter means, said as plainly as possible. */
function matches(event: Appended, filter: ReadAllOptions): boolean {
  return (
    (filter.types?.includes(event.type) ?? true) &&
    (filter.aggregateTypes?.includes(event.aggregateType) ?? true) &&
    (filter.tags?.every((tag) => event.tags.includes(tag)) ?? true) &&
    (filter.tenantId === undefined || event.tenantId === filter.tenantId)
  );
}

/** Expects each filter, alone and with limits and bounds, to yield exactly the events that it means. */
async function yieldsExactly(store: EventStore, filters: readonly ReadAllOptions[], count = 60): Promise<void> {
  const all = await fill(store, count);
  const middle = all[Math.floor(all.length / 2)]?.position ?? 0n;
  for (const filter of filters) {
    const yields = async (options: ReadAllOptions, expected: readonly Appended[]): Promise<void> =>
      sameItems(idsOf(await store.readAll({ ...filter, ...options }).toArray()), idsOf(expected), JSON.stringify(filter));
    const expected = all.filter((event) => matches(event, filter));
    await yields({}, expected);
    for (const limit of [0, 1, 5, expected.length, expected.length + 1]) await yields({ limit }, expected.slice(0, limit));
    await yields(
      { after: middle },
      expected.filter((event) => event.position > middle),
    );
    await yields(
      { upTo: middle },
      expected.filter((event) => event.position <= middle),
    );
  }
}

export const readAllFilters: readonly EventStoreCase[] = [
  {
    name: 'filters by one or several event types',
    run: async ({ store }) =>
      yieldsExactly(store, [
        { types: ['Opened'] },
        { types: ['Closed', 'Opened'] },
        { types: [...types] },
        { types: ['Opened', 'Opened'] },
        { types: ['opened'] },
      ]),
  },
  {
    name: 'filters by one or several aggregate types',
    run: async ({ store }) =>
      yieldsExactly(store, [{ aggregateTypes: ['Task'] }, { aggregateTypes: ['Order', 'Task'] }, { aggregateTypes: ['None'] }]),
  },
  {
    name: 'filters by tenant',
    run: async ({ store }) => yieldsExactly(store, [{ tenantId: 'acme' }, { tenantId: 'globex' }, { tenantId: 'ACME' }]),
  },
  {
    name: 'filters by tags, all of which an event must carry',
    needs: 'tagFilter',
    run: async ({ store }) =>
      yieldsExactly(store, [
        { tags: ['red'] },
        { tags: ['big', 'red'] },
        { tags: ['red', 'red'] },
        { tags: ['redd'] },
        { tags: ['reddish', 'red'] },
      ]),
  },
  {
    name: 'joins several filters by "and"',
    run: async ({ store }) =>
      yieldsExactly(store, [
        { types: ['Opened', 'Renamed'], aggregateTypes: ['Task'] },
        { types: ['Closed'], tenantId: 'acme' },
        { types: ['Opened'], aggregateTypes: ['Order'], tenantId: 'globex' },
      ]),
  },
  {
    name: 'joins tags with the other filters by "and"',
    needs: 'tagFilter',
    run: async ({ store }) =>
      yieldsExactly(store, [
        { tags: ['red'], types: ['Opened'] },
        { tags: ['big'], aggregateTypes: ['Task'], tenantId: 'acme', types: ['Opened', 'Closed'] },
      ]),
  },
  {
    name: 'finds what is rare among thousands, across the borders of pages',
    run: async ({ store }) =>
      yieldsExactly(
        store,
        [
          { types: ['Opened'], tenantId: 'globex' },
          { types: ['Renamed'], aggregateTypes: ['Order'] },
        ],
        6_000,
      ),
  },
  {
    name: 'takes filters literally, whatever characters they hold',
    run: async ({ store }) => {
      const odd = ['%', '_', '"', "'", '\\', 'a,b', '["a"]', '{}', '*', 'null', '😀', 'ü', "' OR 1=1 --"];
      for (const text of odd) await store.appendEvents(aStream(text), [anEvent({ type: text, tenantId: text, tags: [text] })], anyVersion);
      for (const text of odd) {
        for (const filter of [{ types: [text] }, { aggregateTypes: [text] }, { tenantId: text }]) {
          const events = await store.readAll(filter).toArray();
          assert.deepEqual(
            events.map((event) => event.type),
            [text],
            JSON.stringify(filter),
          );
        }
      }
    },
  },
  {
    name: 'takes tags literally, whatever characters they hold',
    needs: 'tagFilter',
    run: async ({ store }) => {
      const odd = ['%', '_', '"', "'", '\\', 'a,b', 'a', 'b', '["a"]', '","', '*', '😀', 'ü'];
      for (const text of odd) await store.appendEvents(aStream(), [anEvent({ type: text, tags: ['other', text] })], anyVersion);
      for (const text of odd) {
        const events = await store.readAll({ tags: [text] }).toArray();
        assert.deepEqual(
          events.map((event) => event.type),
          [text],
        );
      }
    },
  },
];
