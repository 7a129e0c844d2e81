import { describe, expect, test } from 'vitest';
import { runChild } from './child.fixture.ts';
import { event, events, task } from './sample-events.fixture.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { temporaryFile } from './temporary-folder.fixture.ts';

/** How many turns of the event loop other work gets, at the most between two pages and in all, while something is read. */
async function pagesAndTurns(pages: AsyncIterable<readonly unknown[]>): Promise<{ sizes: number[]; turns: number }> {
  let turns = 0;
  let isReading = true;
  const turn = (): void => {
    turns += 1;
    if (isReading) setImmediate(turn);
  };
  setImmediate(turn);
  const sizes: number[] = [];
  for await (const page of pages) sizes.push(page.length);
  isReading = false;
  return { sizes, turns };
}

async function storeWith(count: number): Promise<SqliteEventStore> {
  const store = new SqliteEventStore({ path: temporaryFile(), synchronous: 'off' });
  for (let start = 0; start < count; start += 1_000) await store.appendEvents(task('long'), events(1_000), { expectedVersion: start });
  return store;
}

describe('long reads', () => {
  test('let other work run between all of their pages, which are small', async () => {
    await using store = await storeWith(10_000);
    const reads = [
      store.getEvents(task('long')),
      store.getEvents(task('long'), { direction: 'backward' }),
      store.readAll(),
      store.readAll({ types: ['TaskCreated', 'Other'] }),
      store.readAll({ aggregateTypes: ['Task'] }),
    ];
    for (const read of reads) {
      const { sizes, turns } = await pagesAndTurns(read.pages());
      expect(sizes.reduce((sum, size) => sum + size)).toBe(10_000);
      expect(Math.max(...sizes)).toBeLessThanOrEqual(512);
      expect(turns).toBeGreaterThanOrEqual(sizes.length - 1);
    }
  });

  test('that find nothing for long let other work run too, and can be aborted', async () => {
    await using store = await storeWith(10_000);
    await store.appendEvents(task('rare'), [event('Rare', {}, { tenantId: 'one' })], { expectedVersion: 0 });
    // No event carries both, and neither filter alone is rare.
    const nothing = { types: ['TaskCreated'], tenantId: 'one' };
    await store.appendEvents(
      task('other'),
      Array.from({ length: 5_000 }, () => event('Other', {}, { tenantId: 'one' })),
      { expectedVersion: 0 },
    );
    const { sizes } = await pagesAndTurns(store.readAll(nothing).pages());
    expect(sizes).toEqual([]);

    const controller = new AbortController();
    const interleaved = { types: ['TaskCreated'], aggregateTypes: ['Nothing', 'Task'], signal: controller.signal };
    const read = store.readAll(interleaved).pages()[Symbol.asyncIterator]();
    await read.next();
    controller.abort();
    await expect(read.next()).rejects.toMatchObject({ code: 'ES_ABORTED' });
  });

  test('by many types, most of which are rare, take no more pages than by one', async () => {
    await using store = await storeWith(10_000);
    await store.appendEvents(task('rare'), [event('Rare 7'), event('Rare 9')], { expectedVersion: 0 });
    const types = ['TaskCreated', ...Array.from({ length: 300 }, (_, index) => `Rare ${index}`)];
    const { sizes } = await pagesAndTurns(store.readAll({ types }).pages());
    expect(sizes.reduce((sum, size) => sum + size)).toBe(10_002);
    expect(sizes.length).toBeLessThan(2 * (10_000 / 512));
  });

  test('of large events are read in pages of few', async () => {
    await using store = new SqliteEventStore({ path: temporaryFile(), synchronous: 'off' });
    const text = 'x'.repeat(100_000);
    const large = Array.from({ length: 100 }, () => event('Large', { text }));
    await store.appendEvents(task('large'), large, { expectedVersion: 0 });
    for (const read of [store.getEvents(task('large')), store.readAll(), store.readAll({ types: ['Large'] })]) {
      const { sizes } = await pagesAndTurns(read.pages());
      expect(sizes.reduce((sum, size) => sum + size)).toBe(100);
      expect(Math.max(...sizes.slice(1))).toBeLessThanOrEqual(2);
    }
  });

  test('end where the log ended when they began, however fast it grows', async () => {
    await using store = await storeWith(2_000);
    let read = 0;
    for await (const page of store.readAll().pages()) {
      read += page.length;
      await store.appendEvents(task('growing'), events(600), { expectedVersion: 'any' });
    }
    expect(read).toBe(2_000);
  });

  test('of 100,000 events fit into a heap that is far smaller than they are', { timeout: 180_000 }, async () => {
    const path = temporaryFile();
    const store = new SqliteEventStore({ path, synchronous: 'off' });
    const data = { text: 'x'.repeat(600) };
    for (let start = 0; start < 100_000; start += 2_000) {
      const part = Array.from({ length: 2_000 }, () => event('Filler', data));
      await store.appendEvents(task('long'), part, { expectedVersion: start });
    }
    await store.close();
    // 100,000 events of 600 characters are 60 MB of text alone.
    const results = await runChild('./reading-worker.fixture.ts', { path }, ['--max-old-space-size=32']);
    expect(results).toEqual([{ all: 100_000, stream: 100_000, filtered: 100_000 }]);
  });
});
