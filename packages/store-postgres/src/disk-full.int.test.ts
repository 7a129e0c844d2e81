import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EventToAppend } from '@es/core';
import { type PrivatePostgres, startPrivatePostgres } from '@es-internal/services/private-postgres';
import { Client } from 'pg';
import { expect, onTestFinished, type TestContext, test } from 'vitest';
import { aStream, disorderOf, someEvents } from './following.fixture.ts';
import { PostgresEventStore } from './index.ts';

const run = promisify(execFile);

/** A server whose tables are on a disk of its own, of 3 MiB; its journal is elsewhere. */
async function serverOnSmallDisk(skip: TestContext['skip']): Promise<{ server: PrivatePostgres; disk: string }> {
  skip(process.geteuid?.() !== 0, 'only root can mount a small disk');
  const server = await startPrivatePostgres();
  const disk = await mkdtemp(join(tmpdir(), 'es-small-disk-'));
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await run('umount', [disk]).catch(() => undefined);
    await rm(disk, { recursive: true });
  });
  const { uid, gid } = await stat(join(server.folder, 'data'));
  const mounting = run('mount', ['-t', 'tmpfs', '-o', `size=3m,mode=700,uid=${uid},gid=${gid}`, 'es-small-disk', disk]);
  await mounting.catch((error: Error) => skip(`a small disk can't be mounted here: ${error.message}`));
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  await admin.query(`CREATE TABLESPACE small LOCATION '${disk}'`);
  await admin.query('ALTER ROLE CURRENT_USER SET default_tablespace = small');
  await admin.end();
  return { server, disk };
}

/** What no compression makes smaller. */
const largeEvents = (): EventToAppend[] => someEvents(1, { data: { noise: randomBytes(49_152).toString('base64') } });

test('on a full disk an append fails with a code and nothing is lost; once there is room, the same append succeeds', async ({ skip }) => {
  const { server, disk } = await serverOnSmallDisk(skip);
  await using store = new PostgresEventStore({ connectionString: server.url, tracing: false, metrics: false });
  const stream = aStream();
  const acknowledged: string[] = [];
  const append = async (events: readonly EventToAppend[]): Promise<void> => {
    await store.appendEvents(stream, events, { expectedVersion: acknowledged.length });
    acknowledged.push(...events.map(({ id }) => id));
  };
  let refused: { readonly events: readonly EventToAppend[]; readonly error: unknown } | undefined;
  while (refused === undefined) {
    // Far more than the disk holds would mean that it is not used.
    expect(acknowledged.length).toBeLessThan(100);
    const events = largeEvents();
    await append(events).catch((error: unknown) => {
      refused = { events, error };
    });
  }
  expect(acknowledged.length).toBeGreaterThan(3);
  expect(refused.error).toMatchObject({
    code: 'ES_STORAGE_FULL',
    message: expect.stringMatching(
      /^PostgresEventStore.appendEvents failed on .*No space left on device \(53100\)\. .*Make room on the server/,
    ),
    cause: { code: '53100' },
  });
  await expect(append(refused.events)).rejects.toMatchObject({ code: 'ES_STORAGE_FULL' });
  expect((await store.readAll().toArray()).map(({ id }) => id)).toEqual(acknowledged);

  await run('mount', ['-o', 'remount,size=64m', disk]);
  await append(refused.events);
  await append(largeEvents());
  const log = await store.readAll().toArray();
  expect(log.map(({ id }) => id)).toEqual(acknowledged);
  expect(disorderOf(log)).toEqual([]);
});
