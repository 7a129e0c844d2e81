import { getLogger } from '@es/otel';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { atOnce, NumberAdded, numbered } from './bus.fixture.ts';
import { InMemoryEventBus } from './in-memory-event-bus.ts';

beforeAll(() => getLogger('eventsource.bus').setLevel('silent'));

/** What happens to one event: how many attempts fail before one succeeds, and how many turns of the event loop each takes. */
const fate = fc.record({ failures: fc.integer({ min: 0, max: 3 }), turns: fc.integer({ min: 0, max: 2 }) });

test('events of one aggregate are handled one after another, in order, whatever fails and however long it takes', async () => {
  const streams = fc.array(fc.array(fate, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(streams, fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 7 }), async (fates, concurrency, batch) => {
      await using bus = new InMemoryEventBus({ concurrency, retry: atOnce });
      const busy = new Set<string>();
      const calls = new Map<string, number[]>(fates.map((_, index) => [`task-${index}`, []]));
      bus.subscribe(NumberAdded, async ({ aggregateId, data: { n } }, { attempt }) => {
        expect(busy).not.toContain(aggregateId);
        expect(busy.size).toBeLessThan(concurrency);
        busy.add(aggregateId);
        calls.get(aggregateId)?.push(n);
        const { failures, turns } = fates[Number(aggregateId.slice(5))]?.[n - 1] ?? { failures: 0, turns: 0 };
        for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
        busy.delete(aggregateId);
        if (attempt <= failures) throw new Error('not yet');
      });
      await bus.startConsuming();
      const events = fates.flatMap((stream, index) => numbered(`task-${index}`, stream.length));
      for (let start = 0; start < events.length; start += batch) await bus.publish(events.slice(start, start + batch));
      await bus.whenIdle();

      const expected = fates.map((stream) => stream.flatMap(({ failures }, index) => Array(Math.min(failures + 1, 3)).fill(index + 1)));
      expect([...calls.values()]).toEqual(expected);
      const parked = fates.flat().filter(({ failures }) => failures === 3).length;
      expect(await bus.deadLetters.count()).toBe(parked);
    }),
    { numRuns: 60 },
  );
});
