import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { ServiceUnavailable } from './errors.ts';
import { startPrivatePostgres } from './private-postgres.ts';

const ask = async (url: string, query: string): Promise<unknown[]> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: query, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
};

it('a private PostgreSQL can be crashed and restarted at the same URL, and leaves nothing behind', async ({ skip }) => {
  let folder = '';
  try {
    await using server = await startPrivatePostgres({ settings: { max_prepared_transactions: '7' } });
    folder = server.folder;
    expect(await ask(server.url, `SELECT current_setting('max_prepared_transactions')`)).toEqual(['7']);
    await ask(server.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await server.stop('immediate');
    await expect(ask(server.url, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    // Whoever comes while it is down leaves it its port.
    await using other = await startPrivatePostgres();
    expect(new URL(other.url).port).not.toBe(new URL(server.url).port);
    await server.start();
    expect(await ask(server.url, 'SELECT answer FROM kept')).toEqual([42]);
  } catch (failure) {
    if (failure instanceof ServiceUnavailable) skip(failure.message);
    throw failure;
  }
  expect(existsSync(folder)).toBe(false);
});

it('a private PostgreSQL ends with the process that started it, also by the signal that vitest ends its workers with', async ({ skip }) => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../fixtures/private-server.ts')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let complaint = '';
  child.stderr.on('data', (text) => {
    complaint += text;
  });
  const ended = once(child, 'exit');
  const line = once(createInterface(child.stdout), 'line');
  const first = await Promise.race([line, ended.then(() => undefined)]);
  if (first === undefined && complaint.includes('SERVICE_UNAVAILABLE')) skip(complaint);
  const url = String(first?.[0]);
  expect(await ask(url, 'SELECT 1')).toEqual([1]);
  child.kill('SIGTERM');
  expect(await ended).toEqual([null, 'SIGTERM']);
  await expect
    .poll(() => ask(url, 'SELECT 1').catch((failure: unknown) => failure), { timeout: 20_000 })
    .toMatchObject({ code: 'ECONNREFUSED' });
});
