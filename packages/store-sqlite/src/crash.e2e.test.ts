import type { StoredEvent } from '@es/core';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { startChild } from './child.fixture.ts';
import { SqliteEventStore } from './sqlite-event-store.ts';
import { temporaryFile } from './temporary-folder.fixture.ts';

const rounds = 8;

/** Lets a writer run, kills it at some moment in the midst of its work, and gives back what it had said was stored. */
async function acknowledgedBeforeKill(path: string, afterLines: number): Promise<string[]> {
  const child = startChild('./crash-writer.fixture.ts', { path, streams: 4 });
  const lines: string[] = [];
  while (lines.length < afterLines) {
    const line = await child.nextLine();
    if (line === undefined) throw new Error(`The writer ended by itself: ${(await child.ended).errors}`);
    lines.push(line);
  }
  child.process.kill('SIGKILL');
  lines.push(...(await child.restOfLines()));
  expect((await child.ended).signal).toBe('SIGKILL');
  // The kill may have cut the last line short.
  return lines.filter((line) => /^s\d \d+ [\da-f-]{36}$/.test(line));
}

/** Events behind which the rest of their append is missing. */
function cutAppends(stream: readonly StoredEvent[]): unknown[] {
  const places = stream.map(({ data }) => data as { index: number; of: number });
  return places.filter(({ index, of }, i) => index + 1 < of && places[i + 1]?.index !== index + 1);
}

test('a writer that is killed again and again loses nothing that it acknowledged, and leaves no hole and no half of an append', {
  timeout: 300_000,
}, async () => {
  const path = temporaryFile();
  const acknowledged: string[] = [];
  for (let round = 0; round < rounds; round += 1) {
    acknowledged.push(...(await acknowledgedBeforeKill(path, 1 + Math.floor(Math.random() * 400))));

    await using store = new SqliteEventStore({ path });
    const stored = await store.readAll().toArray();
    const found = new Set(stored.map(({ aggregateId, version, id }) => `${aggregateId} ${version} ${id}`));
    expect(acknowledged.filter((line) => !found.has(line))).toEqual([]);

    for (const [id, stream] of Map.groupBy(stored, ({ aggregateId }) => aggregateId)) {
      expect(stream.map(({ version }) => version)).toEqual(stream.map((_, index) => index + 1));
      expect(await store.readAll({ tags: [id] }).toArray()).toEqual(stream);
      expect(cutAppends(stream)).toEqual([]);
    }
  }
  expect(acknowledged.length).toBeGreaterThan(rounds);
  const database = new Database(path);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
});
