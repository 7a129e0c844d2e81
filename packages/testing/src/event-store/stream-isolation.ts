import assert from 'node:assert/strict';
import type { EventStoreCase } from './event-store-case.ts';
import { idsOf, readStream, someEvents } from './sample-events.ts';

/** Type and id that run into one another when they are joined carelessly. */
const lookalikes = [
  ['A', 'B-C'],
  ['A-B', 'C'],
  ['A', 'B'],
  ['AB', 'C'],
  ['A', 'BC'],
  ['a', 'B'],
  ['A', 'b'],
  ['A:', 'B'],
  ['A', ':B'],
  ['1:A', 'B'],
  [' A', 'B'],
  ['A', 'B '],
] as const;

export const streamIsolation: readonly EventStoreCase[] = [
  {
    name: 'keeps streams apart by type and id, however alike they look',
    run: async ({ store }) => {
      const appended = new Map<number, string[]>();
      for (const [index, [aggregateType, aggregateId]] of lookalikes.entries()) {
        const events = someEvents(2);
        appended.set(index, idsOf(events));
        const { version } = await store.appendEvents({ aggregateType, aggregateId }, events, { expectedVersion: 'no-stream' });
        assert.equal(version, 2);
      }
      for (const [index, [aggregateType, aggregateId]] of lookalikes.entries()) {
        const events = await readStream(store, { aggregateType, aggregateId });
        assert.deepEqual(idsOf(events), appended.get(index));
        assert.ok(events.every((event) => event.aggregateType === aggregateType && event.aggregateId === aggregateId));
      }
    },
  },
  {
    name: 'accepts any text as type and id of a stream',
    run: async ({ store }) => {
      const texts = ["'; DROP TABLE events; --", '%', '_', '"quoted"', 'Größe/ключ/鍵', '😀', '../..', '{"a":1}', 'a\tb', 'x'.repeat(200)];
      for (const text of texts) {
        const stream = { aggregateType: text, aggregateId: text };
        await store.appendEvents(stream, someEvents(1), { expectedVersion: 'no-stream' });
        const [event, ...others] = await readStream(store, stream);
        assert.deepEqual([event?.aggregateType, event?.aggregateId, others.length], [text, text, 0]);
      }
    },
  },
];
