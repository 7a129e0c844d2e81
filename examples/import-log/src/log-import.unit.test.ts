import { type EventStore, InMemoryCheckpointStore, InMemoryEventStore, StorageError } from '@es/core';
import { describe, expect, test } from 'vitest';
import { HookedStore } from './hooked-store.fixture.ts';
import { importLog } from './import-log.ts';
import type { ImportOptions } from './import-options.ts';
import type { Line } from './line-reader.ts';

const format = { aggregateType: 'Parcel', idField: 'parcel', typeField: 'event', timeField: 'time' };
const lines: readonly Line[] = Array.from({ length: 60 }, (_, index) => ({
  number: index + 1,
  text: JSON.stringify({ parcel: `P-${index % 7}`, event: 'Sorted', time: '2025-03-03T06:17:56Z', index }),
}));

async function* from(all: readonly Line[]): AsyncGenerator<Line> {
  yield* all;
}

function setUp(eventStore: EventStore = new InMemoryEventStore()) {
  const checkpoints = new InMemoryCheckpointStore();
  const run = (options: Partial<ImportOptions> = {}) =>
    importLog({ logName: 'log', lines: from(lines), format, eventStore, checkpoints, inFlight: 8, checkpointEvery: 20, ...options });
  return { run, checkpoint: () => checkpoints.load('import-log/log') };
}

describe('importLog', () => {
  test('keeps a checkpoint of nothing that is not stored', async () => {
    const full = new StorageError('ES_STORAGE_FULL', 'The disk is full.');
    let [appends, capacity] = [0, 33];
    const eventStore = new HookedStore(() => {
      appends += 1;
      return appends > capacity ? Promise.reject(full) : undefined;
    });
    const { run, checkpoint } = setUp(eventStore);
    await expect(run()).rejects.toBe(full);
    expect(await checkpoint()).toBe(20n);

    capacity = Number.POSITIVE_INFINITY;
    const { resumedAfter, events, alreadyThere } = await run();
    expect({ resumedAfter, events, alreadyThere }).toEqual({ resumedAfter: 20, events: 40, alreadyThere: 13 });
    expect((await eventStore.readAll().toArray()).map(({ data }) => data)).toEqual(lines.map(({ text }) => JSON.parse(text)));
  });

  test('goes on with lines that were added to the log', async () => {
    const { run, checkpoint } = setUp();
    expect(await run({ lines: from(lines.slice(0, 30)) })).toMatchObject({ line: 30, events: 30, aggregatesBegun: 7 });
    expect(await run()).toMatchObject({ line: 60, resumedAfter: 30, events: 30, alreadyThere: 0, aggregatesBegun: 0 });
    expect(await checkpoint()).toBe(60n);
  });

  test('refuses a log that is shorter than what is imported of it', async () => {
    const { run } = setUp();
    await run();
    await expect(run({ lines: from([]) })).rejects.toMatchObject({ code: 'OTHER_LOG' });
    await expect(run({ lines: from(lines.slice(0, 59)) })).rejects.toMatchObject({ code: 'OTHER_LOG' });
  });

  test('takes blank lines at a checkpoint for what they are', async () => {
    const { run, checkpoint } = setUp();
    const gap = lines.filter(({ number }) => number < 19 || number > 25);
    await run({ lines: from(gap.slice(0, 20)) });
    expect(await checkpoint()).toBe(27n);
    expect(await run({ lines: from(gap) })).toMatchObject({ resumedAfter: 27, events: 33 });
  });
});
