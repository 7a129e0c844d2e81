import { execFile } from 'node:child_process';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPrivatePostgres } from '@es-internal/services/private-postgres';
import { Pool } from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { aStream, disorderOf, someEvents } from './following.fixture.ts';
import { PostgresEventStore } from './index.ts';

const run = promisify(execFile);
const quiet = { tracing: false, metrics: false } as const;
const anyVersion = { expectedVersion: 'any' } as const;
const patience = { timeout: 30_000 };

/** Two servers of which one follows the other. */
async function primaryAndStandby(): Promise<{ primaryUrl: string; standbyUrl: string }> {
  const [primary, standby] = await Promise.all([startPrivatePostgres(), startPrivatePostgres()]);
  onTestFinished(async () => {
    await Promise.all([standby[Symbol.asyncDispose](), primary[Symbol.asyncDispose]()]);
  });
  // A standby has the passwords of its primary, and is asked under that of its own whether it is up.
  const primaryUrl = new URL(primary.url);
  primaryUrl.password = new URL(standby.url).password;
  const admin = new Pool({ connectionString: primary.url, max: 1 });
  await admin.query(`ALTER ROLE CURRENT_USER PASSWORD '${primaryUrl.password}'`);
  await admin.end();
  await standby.stop();
  const data = join(standby.folder, 'data');
  const { uid, gid } = await stat(data);
  await rm(data, { recursive: true });
  await run('pg_basebackup', ['--dbname', primaryUrl.href, '--pgdata', data, '--write-recovery-conf', '--checkpoint=fast']);
  await run('chown', ['-R', `${uid}:${gid}`, data]);
  await standby.start();
  return { primaryUrl: primaryUrl.href, standbyUrl: standby.url };
}

test('a standby shows the log in its order, as late as it replays it, and takes no appends', async ({ skip }) => {
  await run('pg_basebackup', ['--version']).catch(() => skip('pg_basebackup is not installed here'));
  const { primaryUrl, standbyUrl } = await primaryAndStandby();
  await using writer = new PostgresEventStore({ connectionString: primaryUrl, ...quiet });
  await writer.appendEvents(aStream(), someEvents(3), anyVersion);
  const [onPrimary, onStandby] = [new Pool({ connectionString: primaryUrl, max: 1 }), new Pool({ connectionString: standbyUrl, max: 1 })];
  const ask = async (pool: Pool, expression: string): Promise<unknown> =>
    (await pool.query(`SELECT ${expression} AS answer`)).rows[0].answer;
  const reached = async (how: 'receive' | 'replay'): Promise<void> => {
    const end = await ask(onPrimary, 'pg_current_wal_lsn()');
    await expect.poll(() => ask(onStandby, `pg_last_wal_${how}_lsn() >= '${String(end)}'`), patience).toBe(true);
  };
  await reached('replay');

  await using reader = new PostgresEventStore({ connectionString: standbyUrl, ...quiet, pollIntervalMs: 20 });
  const before = await reader.readAll().toArray();
  expect(before).toEqual(await writer.readAll().toArray());
  const refused = { code: 'ES_STORAGE_READ_ONLY', message: expect.stringContaining('Connect to the primary') };
  await expect(reader.appendEvents(aStream(), someEvents(1), anyVersion)).rejects.toMatchObject(refused);

  await ask(onStandby, 'pg_wal_replay_pause()');
  await expect.poll(() => ask(onStandby, 'pg_get_wal_replay_pause_state()'), patience).toBe('paused');
  const waiting = reader.waitForEvents(await reader.getHeadPosition());
  for (let round = 0; round < 3; round += 1) await writer.appendEvents(aStream(), someEvents(2), anyVersion);
  await reached('receive');
  expect(await reader.readAll().toArray()).toEqual(before);
  await ask(onStandby, 'pg_wal_replay_resume()');
  expect(await waiting).toBe(true);
  await reached('replay');
  const log = await reader.readAll().toArray();
  expect(log).toEqual(await writer.readAll().toArray());
  expect([log.length, disorderOf(log)]).toEqual([9, []]);
  await Promise.all([onPrimary.end(), onStandby.end()]);
});
