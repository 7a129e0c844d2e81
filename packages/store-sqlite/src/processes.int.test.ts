import { describe, expect, test } from 'vitest';
import { runTogether } from './child.fixture.ts';
import { task } from './sample-events.fixture.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { temporaryFile } from './temporary-folder.fixture.ts';

const processes = 3;
const count = 40;

function indexesOf(events: readonly { readonly data: unknown }[]): number[] {
  return events.map(({ data }) => (data as { index: number }).index);
}

describe('several processes on one file', () => {
  test('append to streams of their own and to one that they share; nobody is told that the database is busy, and nothing is lost', async () => {
    const path = temporaryFile();
    const workers = Array.from({ length: processes }, (_, index) => ({ path, own: `own-${index}`, shared: 'shared', count }));
    const results = await runTogether('./append-worker.fixture.ts', workers);
    expect(results).toEqual(workers.map(() => ({ appended: count, failures: [] })));

    await using store = new SqliteEventStore({ path });
    const inOrder = Array.from({ length: count }, (_, index) => index);
    for (const { own } of workers) expect(indexesOf(await store.getEvents(task(own)).toArray())).toEqual(inOrder);
    const shared = await store.getEvents(task('shared')).toArray();
    expect(shared.map(({ version }) => version)).toEqual(shared.map((_, index) => index + 1));
    expect(indexesOf(shared).sort((a, b) => a - b)).toEqual(inOrder.flatMap((index) => new Array(processes).fill(index)));

    const all = await store.readAll().toArray();
    expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => BigInt(index + 1)));
    expect(all).toHaveLength(2 * processes * count);
  });

  test('compete for the versions of one stream: each is won once', async () => {
    const path = temporaryFile();
    const workers = Array.from({ length: processes }, () => ({ path, contended: 'contended', count: 20 }));
    const results = await runTogether('./append-worker.fixture.ts', workers);
    expect(results).toEqual(workers.map(() => ({ appended: 20, failures: [] })));
    await using store = new SqliteEventStore({ path });
    const versions = (await store.getEvents(task('contended')).toArray()).map(({ version }) => version);
    expect(versions).toEqual(Array.from({ length: processes * 20 }, (_, index) => index + 1));
  });
});
