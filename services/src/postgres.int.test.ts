import { execFile } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bringUp } from './bring-up.ts';
import { services } from './catalogue.ts';
import { ServiceUnavailable } from './errors.ts';
import { nativeFolder } from './native.ts';
import { pgbouncer } from './pgbouncer.ts';
import { postgres } from './postgres.ts';
import { markOf } from './processes.ts';
import { readState, writeState } from './state.ts';
import { takeDown } from './take-down.ts';
import { newUser } from './users.ts';
import { type Workplace, workplaceOf } from './workplace.ts';

const run = promisify(execFile);

const ask = async (url: string, query: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: query, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
};

/** Why one of them can't be had by programs of this machine, after trying to install it. */
const missing = async (): Promise<string | undefined> => {
  for (const { native } of [postgres, pgbouncer]) {
    if (native.find() !== undefined) continue;
    try {
      await native.install(workplaceOf(process.env));
    } catch (failure) {
      if (failure instanceof ServiceUnavailable) return failure.message;
      throw failure;
    }
  }
  return undefined;
};

const suite = 'PostgreSQL and PgBouncer by programs of this machine';
const reason = await missing();
if (reason !== undefined) it(suite, ({ skip }) => skip(reason));

describe.runIf(reason === undefined)(suite, () => {
  const folder = mkdtempSync(join(tmpdir(), 'es-services-test-'));
  // No engine answers there, and none of the URLs is given.
  const env = { PATH: process.env['PATH'], DOCKER_HOST: 'unix:///nowhere', ES_SERVICES_FOLDER: folder };
  const workplace: Workplace = { folder, env, say: () => undefined };
  const command = async (name: 'up' | 'down' | 'status', ...args: string[]): Promise<string> => {
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, `../${name}.ts`), ...args], { env });
    return stdout;
  };
  const urlIn = (output: string): string => /='(.*)'/.exec(output)?.[1] ?? output;
  let url = '';

  beforeAll(async () => {
    const outputs = await Promise.all([command('up', 'postgres'), command('up', 'postgres')]);
    expect(outputs[0]).toBe(outputs[1]);
    url = urlIn(outputs[0]);
  });
  afterAll(async () => {
    await takeDown(workplace, postgres, true);
    rmSync(folder, { recursive: true });
  });

  it('starts once for two people who ask at once, and is durable', async () => {
    const [fsync, synchronous, addresses, data] = await ask(
      url,
      `SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('listen_addresses'), current_setting('data_directory')`,
    );
    expect({ fsync, synchronous, addresses }).toEqual({ fsync: 'on', synchronous: 'on', addresses: '127.0.0.1' });
    expect(data).toBe(join(nativeFolder(workplace, postgres), 'data'));
    expect(await command('status', 'postgres')).toContain(`postgres: running, ${url}`);
  });

  it('lets nobody in without the password', async () => {
    const stranger = new URL(url);
    stranger.password = 'guess';
    await expect(ask(stranger.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('has its data again after it was taken down and brought up', async () => {
    await ask(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    expect(await command('down', 'postgres')).toBe('pgbouncer: none of ours was running\npostgres: stopped\n');
    await expect(command('status', 'postgres')).rejects.toMatchObject({ code: 1, stdout: 'postgres: stopped\n' });
    url = urlIn(await command('up', 'postgres'));
    expect(await ask(url, 'SELECT answer FROM kept')).toEqual([42]);
  });

  it('recovers from a crash, its lock file left behind', async () => {
    const pid = readState(workplace, 'postgres')?.process?.pid ?? 0;
    process.kill(pid, 'SIGQUIT');
    await expect.poll(() => markOf(pid), { timeout: 20_000 }).toBeUndefined();
    url = urlIn(await command('up', 'postgres'));
    expect(await ask(url, 'SELECT answer FROM kept')).toEqual([42]);
  });

  it('shows why it does not start', async () => {
    await takeDown(workplace, postgres);
    const configuration = join(nativeFolder(workplace, postgres), 'data/postgresql.conf');
    const { length } = readFileSync(configuration);
    appendFileSync(configuration, '\nno_such_setting = on\n');
    const failure: unknown = await command('up', 'postgres').catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /postgres did not start: its process ended with status 1\.\nThe end of .*postgres\.log:\n(.*\n)*.*no_such_setting/,
      ),
    });
    truncateSync(configuration, length);
    url = urlIn(await command('up', 'postgres'));
  });

  it('is reached through PgBouncer in transaction mode, also after it has moved', async () => {
    const pooled = (await bringUp(workplace, pgbouncer, { keep: true })).url;
    expect(await ask(pooled, 'SELECT answer FROM kept')).toEqual([42]);
    const console = new URL(pooled);
    console.pathname = '/pgbouncer';
    expect(await ask(console.href, 'SHOW VERSION')).toEqual([expect.stringContaining('PgBouncer')]);
    const state = readState(workplace, 'pgbouncer');
    if (state === undefined) throw new Error('PgBouncer has no state.');
    writeState(workplace, 'pgbouncer', { ...state, needs: { postgres: 'postgres://elsewhere:1/postgres' } });
    const again = (await bringUp(workplace, pgbouncer, { keep: true })).url;
    expect(readState(workplace, 'pgbouncer')?.process?.pid).not.toBe(state.process?.pid);
    expect(await ask(again, 'SELECT answer FROM kept')).toEqual([42]);
  });

  it('goes down with what stands before it, and its data if that is asked for', async () => {
    const others = services
      .filter((service) => service !== postgres && service !== pgbouncer)
      .map(({ name }) => `${name}: none of ours was running\n`);
    expect(await command('down', '--delete-data')).toBe(`pgbouncer: stopped\npostgres: stopped\n${others.join('')}`);
    const { url: fresh } = await bringUp(workplace, postgres, { user: newUser() });
    expect(await ask(fresh, `SELECT to_regclass('kept')`)).toEqual([null]);
  });
});
