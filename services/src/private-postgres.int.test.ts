import { existsSync } from 'node:fs';
import { Client } from 'pg';
import { expect, it } from 'vitest';
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
    await server.start();
    expect(await ask(server.url, 'SELECT answer FROM kept')).toEqual([42]);
  } catch (failure) {
    if (failure instanceof ServiceUnavailable) skip(failure.message);
    throw failure;
  }
  expect(existsSync(folder)).toBe(false);
});
