import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { expect, test } from 'vitest';
import { disorderOf } from './following.fixture.ts';
import { PostgresCheckpointStore, PostgresEventStore } from './index.ts';

const processes = 4;
const writersEach = 4;
const appendsEach = 40;
const writerScript = fileURLToPath(new URL('./many-writers.fixture.ts', import.meta.url));

describeWithPostgres('16 writers in 4 processes', ({ url }) => {
  const quiet = { connectionString: url, tracing: false, metrics: false } as const;

  async function write(): Promise<number> {
    const args = ['--conditions=@es/source', '--no-warnings', writerScript, url, String(writersEach), String(appendsEach)];
    return Number((await promisify(execFile)(process.execPath, args)).stdout);
  }

  /** Reads on from its checkpoint with a new store every time, stops somewhere in the middle, and starts again. */
  async function follow(name: string, isOver: () => boolean): Promise<string[]> {
    const checkpoints = new PostgresCheckpointStore(quiet);
    const seen: string[] = [];
    for (let isLast = false; !isLast; ) {
      isLast = isOver();
      const store = new PostgresEventStore({ ...quiet, listen: false });
      const after = (await checkpoints.load(name)) ?? 0n;
      const events = await store.readAll({ after, ...(isLast ? {} : { limit: randomInt(1, 200) }) }).toArray();
      seen.push(...events.map(({ id }) => id));
      await checkpoints.save(name, events.at(-1)?.position ?? after);
      await store.close();
      await sleep(randomInt(5));
    }
    await checkpoints.close();
    return seen;
  }

  test('each of 4 readers that resume from checkpoints sees every event once, in order', async () => {
    const store = new PostgresEventStore(quiet);
    await store.getHeadPosition();
    let isOver = false;
    const readers = ['a', 'b', 'c', 'd'].map((name) => follow(name, () => isOver));
    const written = (await Promise.all(Array.from({ length: processes }, write))).reduce((sum, count) => sum + count, 0);
    isOver = true;
    const log = await store.readAll().toArray();
    expect(log.length).toBe(written);
    expect(disorderOf(log)).toEqual([]);
    const ids = log.map(({ id }) => id);
    for (const seen of await Promise.all(readers)) expect(seen).toEqual(ids);
    await store.close();
  });
});
