import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { createDatabase } from '../databases.ts';
import { repository } from '../workplace.ts';
import { runOf, testName } from './names.ts';
import { describeWithPostgres } from './use-postgres.ts';

/** What another vitest run, in a process of its own, says on one of the fixtures. */
const runFixture = async (name: string): Promise<string> => {
  const vitest = join(repository, 'node_modules/vitest/vitest.mjs');
  const options = { cwd: join(repository, 'services'), env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined } };
  return (await promisify(execFile)(process.execPath, [vitest, 'run', '--config', `fixtures/${name}.config.ts`], options)).stdout;
};

describe('a run without PostgreSQL', () => {
  it('shows one skipped test for each suite, and runs nothing of it', async () => {
    const said = await runFixture('unavailable');
    expect(said).toMatch(/↓ .* > a suite that can not run .*\[there is no PostgreSQL on the moon]/);
    expect(said).toMatch(/Tests +1 skipped \(1\)/);
  });
});

describeWithPostgres('a run with PostgreSQL', ({ adminUrl }) => {
  it('drops its databases at its end, and those of runs that ended badly at its beginning', async () => {
    const noSuchProcess = 2 ** 30;
    await createDatabase(adminUrl, testName(noSuchProcess, 'left'));
    expect(await runFixture('left-behind')).toMatch(/Tests +1 passed \(1\)/);
    const client = new Client({ connectionString: adminUrl });
    await client.connect();
    const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
    await client.end();
    const left = rows.map(({ datname }) => datname).filter((name) => runOf(name) !== undefined && name.endsWith('_left'));
    expect(left).toEqual([]);
  });
});
