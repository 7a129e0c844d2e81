import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { InMemoryCheckpointStore, InMemoryEventStore, type StoredEvent } from '@es/core';
import { ATTR_AGGREGATE_ID, ATTR_EVENT_COUNT, ATTR_EVENT_TYPE, ATTR_EXPECTED_VERSION, ATTR_VERSION } from '@es/otel';
import { SqliteEventStore } from '@es/store-sqlite';
import { createTelemetryRecorder } from '@es/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parcelArguments, parcelsLog, runCli, startCli } from './cli.fixture.ts';
import { importLog } from './import-log.ts';
import { openLog } from './log-source.ts';
import { makeParcels } from './parcels.ts';

const text = await readFile(parcelsLog, 'utf8');
const lines = text.trimEnd().split('\n');
const logged = lines.map((line) => JSON.parse(line) as { parcel: string; event: string; time: string });
const parcels = new Set(logged.map(({ parcel }) => parcel));

let folder = '';
let store = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'es-import-log-'));
  store = join(folder, 'parcels.db');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function storedEvents(): Promise<StoredEvent[]> {
  const eventStore = new SqliteEventStore({ path: store });
  try {
    return await eventStore.readAll().toArray();
  } finally {
    await eventStore.close();
  }
}

/** Every line of the log once, in its order, each as the next event of its stream. */
async function expectWholeLog(): Promise<void> {
  const versions = new Map<string, number>();
  const expected = logged.map((data) => {
    const version = (versions.get(data.parcel) ?? 0) + 1;
    versions.set(data.parcel, version);
    return { type: data.event, aggregateType: 'Parcel', aggregateId: data.parcel, version, occurredAt: data.time, data };
  });
  const stored = await storedEvents();
  expect(
    stored.map(({ type, aggregateType, aggregateId, version, occurredAt, data }) => ({
      type,
      aggregateType,
      aggregateId,
      version,
      occurredAt,
      data,
    })),
  ).toEqual(expected);
}

const importArguments = (log: string, ...more: string[]): string[] => ['import', log, ...parcelArguments, '--store', store, ...more];
const verifyArguments = (log: string, ...more: string[]): string[] => ['verify', log, ...parcelArguments, '--store', store, ...more];

describe('the small log', () => {
  test('is what its script makes', () => {
    expect(makeParcels(60, 20_250_303).map((event) => JSON.stringify(event))).toEqual(lines);
  });

  test('is imported line by line in its order, and verified', async () => {
    const imported = await runCli(...importArguments(parcelsLog, '--telemetry', '--checkpoint-every', '100'));
    expect(imported).toMatchObject({ code: 0, stderr: expect.stringMatching(/^line 100 \(100 % of the log read\)\n/) });
    expect(imported.stdout).toMatch(/^Imported up to line 397/);
    expect(imported.stdout).toMatch(/events +397\n/);
    expect(imported.stdout).toMatch(/aggregates begun +60\n/);
    // An append for each line, four chunks, and the import around them.
    expect(imported.stdout).toMatch(/spans +402\n/);
    await expectWholeLog();

    const verified = await runCli(...verifyArguments(parcelsLog));
    expect(verified).toMatchObject({ code: 0, stderr: '' });
    expect(verified.stdout).toMatch(/^The store holds the log, event for event\./);
    expect(verified.stdout).toMatch(/aggregates reloaded +60\n/);
    expect(verified.stdout).toMatch(/order +the log's\n/);
  });

  test('is the same log when it is packed', async () => {
    const packed = join(folder, 'parcels.ndjson.gz');
    await writeFile(packed, gzipSync(lines.slice(0, 200).join('\n')));
    expect(await runCli(...importArguments(packed))).toMatchObject({ code: 0 });
    expect((await runCli(...importArguments(parcelsLog))).stdout).toMatch(/resumed after line +200\n/);
    await expectWholeLog();
  });
});

describe('the spans of an import', () => {
  const recorder = createTelemetryRecorder();
  afterEach(() => recorder.stop());

  test('are one of the import, one a chunk linked to it, and one an append in its chunk', async () => {
    const eventStore = new InMemoryEventStore();
    const checkpoints = new InMemoryCheckpointStore();
    const format = { aggregateType: 'Parcel', idField: 'parcel', typeField: 'event', timeField: 'time' };
    const log = openLog(parcelsLog);
    await importLog({ logName: log.name, lines: log.lines, format, eventStore, checkpoints, inFlight: 16, checkpointEvery: 150 });

    const whole = recorder.span('import_log.import');
    expect(whole).toMatchObject({ parentSpanId: undefined, attributes: { 'log.name': 'parcels.ndjson', [ATTR_EVENT_COUNT]: 397 } });
    const chunks = recorder.spans('import_log.chunk');
    expect(
      chunks.map(({ attributes }) => [attributes['log.first_line'], attributes['log.last_line'], attributes[ATTR_EVENT_COUNT]]),
    ).toEqual([
      [1, 150, 150],
      [151, 300, 150],
      [301, 397, 97],
    ]);
    for (const chunk of chunks) {
      expect(chunk.parentSpanId).toBeUndefined();
      expect(chunk.links).toMatchObject([{ traceId: whole.traceId, spanId: whole.spanId }]);
      const children = recorder.children(chunk);
      expect(new Set(children.map(({ name }) => name))).toEqual(new Set(['eventsource.event_store.append_events']));
      expect(children).toHaveLength(Number(chunk.attributes[ATTR_EVENT_COUNT]));
    }
    const [first] = recorder.spans('eventsource.event_store.append_events');
    expect(first).toMatchObject({
      status: { code: 'UNSET' },
      attributes: { [ATTR_AGGREGATE_ID]: 'P-1001', [ATTR_EVENT_TYPE]: 'Registered', [ATTR_EXPECTED_VERSION]: '0', [ATTR_VERSION]: 1 },
    });
    expect(recorder.openSpans()).toEqual([]);
    expect(await recorder.total('eventsource.events.appended')).toBe(397);
  });
});

describe('an import that ends half-way', () => {
  /** Feeds the first lines of the log to a run and returns once they are stored. */
  async function feed(count: number): ReturnType<typeof startFed> {
    const run = await startFed(count);
    await vi.waitFor(async () => expect(await storedEvents()).toHaveLength(count), { timeout: 30_000, interval: 20 });
    return run;
  }

  async function startFed(count: number) {
    const run = startCli(importArguments('-', '--name', 'parcels.ndjson', '--checkpoint-every', '50'));
    run.child.stdin.write(`${lines.slice(0, count).join('\n')}\n`);
    return run;
  }

  test('by kill -9 goes on behind its last checkpoint, without a double', async () => {
    const { child, outcome } = await feed(210);
    child.kill('SIGKILL');
    expect(await outcome).toMatchObject({ code: null, signal: 'SIGKILL', stdout: '' });

    const resumed = await runCli(...importArguments(parcelsLog));
    expect(resumed).toMatchObject({ code: 0 });
    expect(resumed.stdout).toMatch(/resumed after line +200\n/);
    expect(resumed.stdout).toMatch(/events +187, and 10 that were there already\n/);
    await expectWholeLog();

    const again = await runCli(...importArguments(parcelsLog));
    expect(again.stdout).toMatch(/resumed after line +397\n +events +0\n/);
    expect(await storedEvents()).toHaveLength(lines.length);
  });

  test('by an interrupt keeps its checkpoint, and says how to go on', async () => {
    const { child, outcome } = await feed(120);
    child.kill('SIGINT');
    const stopped = await outcome;
    expect(stopped).toMatchObject({ code: 130, signal: null });
    expect(stopped.stdout).toMatch(/^Stopped after line 120; run the same command again to go on\./);

    expect((await runCli(...importArguments(parcelsLog))).stdout).toMatch(/resumed after line +120\n +events +277\n/);
    await expectWholeLog();
  });
});

test('a bad line stops the import with its number and field; mended, the import goes on there', async () => {
  const log = join(folder, 'parcels.ndjson');
  await writeFile(log, lines.toSpliced(99, 1, '{"parcel":"P-1001","event":"Sorted","time":"yesterday"}').join('\n'));
  const failed = await runCli(...importArguments(log));
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toBe(
    'Line 100, field "time": the time must be ISO 8601 with an offset, such as 2025-03-01T08:30:00+01:00; it is "yesterday".\n',
  );
  expect(await storedEvents()).toHaveLength(99);

  await writeFile(log, text);
  expect((await runCli(...importArguments(log))).stdout).toMatch(/resumed after line +99\n +events +298\n/);
  await expectWholeLog();
});

test('a packed log that is cut off says so, and keeps what could be read', async () => {
  const log = join(folder, 'parcels.ndjson.gz');
  const packed = gzipSync(text);
  await writeFile(log, packed.subarray(0, packed.length - 20));
  const failed = await runCli(...importArguments(log));
  expect(failed).toMatchObject({ code: 1, stdout: '' });
  expect(failed.stderr).toContain(`Reading ${log} failed: unexpected end of file.`);
  const kept = (await storedEvents()).length;

  await writeFile(log, packed);
  expect((await runCli(...importArguments(log))).stdout).toMatch(new RegExp(`events +${lines.length - kept}\\n`));
  await expectWholeLog();
});

describe('what does not belong together', () => {
  test('is another log of the same name, which is refused', async () => {
    const log = join(folder, 'parcels.ndjson');
    await writeFile(log, lines.slice(0, 30).join('\n'));
    expect(await runCli(...importArguments(log))).toMatchObject({ code: 0 });
    await writeFile(log, lines.slice(100).join('\n'));
    const refused = await runCli(...importArguments(log));
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('line 30 of this one is not among them');
    expect(await storedEvents()).toHaveLength(30);
  });

  test('is a second log of the same aggregates, whose streams are taken', async () => {
    expect(await runCli(...importArguments(parcelsLog))).toMatchObject({ code: 0 });
    const refused = await runCli(...importArguments(parcelsLog, '--name', 'another'));
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/Line 1 is event 1 of Parcel P-1001, but its stream stands at version \d+/);
    await expectWholeLog();
  });

  test('is a store and a log with another line, which verify finds', async () => {
    expect(await runCli(...importArguments(parcelsLog))).toMatchObject({ code: 0 });
    const log = join(folder, 'parcels.ndjson');
    const [id, version] = [logged[199]?.parcel, logged.slice(0, 200).filter(({ parcel }) => parcel === logged[199]?.parcel).length];
    await writeFile(log, lines.with(199, (lines[199] ?? '').replace('"place":"', '"place":"new ')).join('\n'));
    const verified = await runCli(...verifyArguments(log));
    expect(verified.code).toBe(1);
    expect(verified.stdout).toMatch(/^The store differs from the log in 2 places:/);
    expect(verified.stdout).toContain(`Parcel ${id} has another event ${version} than line 200 of the log says.`);
  });

  test('is a store that lacks the end of its log, which verify finds', async () => {
    const log = join(folder, 'parcels.ndjson');
    await writeFile(log, lines.slice(0, 390).join('\n'));
    expect(await runCli(...importArguments(log))).toMatchObject({ code: 0 });
    const verified = await runCli(...verifyArguments(parcelsLog));
    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain('The store holds 390 events of Parcel, the log 397.');
    expect(parcels.size).toBe(60);
  });
});

test('a wrong call says what is wrong and how it is done', async () => {
  const wrong = await runCli('import', parcelsLog);
  expect(wrong).toMatchObject({ code: 2, stdout: '' });
  expect(wrong.stderr).toMatch(/^--aggregate-type is missing[\s\S]*Usage: import-log import/);
});
