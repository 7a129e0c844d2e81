import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createDatabase, dropDatabase } from '@es-internal/services/databases';
import { startPrivatePostgres } from '@es-internal/services/private-postgres';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { describe, expect, test } from 'vitest';
import { aStream, disorderOf, someEvents } from './following.fixture.ts';
import { PostgresEventStore } from './index.ts';

const quiet = { tracing: false, metrics: false } as const;
const run = promisify(execFile);

describe('positions', () => {
  test('go on upwards after a crash and a restart', async () => {
    await using server = await startPrivatePostgres();
    const store = new PostgresEventStore({ connectionString: server.url, ...quiet });
    const stream = aStream();
    for (let round = 0; round < 3; round += 1) {
      await store.appendEvents(stream, someEvents(2), { expectedVersion: round * 2 });
      await server.stop(round === 1 ? 'fast' : 'immediate');
      await server.start();
    }
    await store.appendEvents(stream, someEvents(1), { expectedVersion: 6 });
    expect(disorderOf(await store.readAll().toArray())).toEqual([]);
    await store.close();
  });
});

describeWithPostgres('a dump', ({ url, name, adminUrl }) => {
  test('restored into a fresh database holds the log as it was, and the store goes on behind it', async ({ skip }) => {
    await run('pg_dump', ['--version']).catch(() => skip('pg_dump is not installed here'));
    const store = new PostgresEventStore({ connectionString: url, ...quiet });
    const stream = aStream();
    const events = someEvents(3, { tags: ['t'] });
    await store.appendEvents(stream, events, { expectedVersion: 0 });
    for (let round = 0; round < 50; round += 1) await store.appendEvents(aStream(), someEvents(1), { expectedVersion: 0 });
    const log = await store.readAll().toArray();
    await store.close();
    const { stdout } = await run('pg_dump', ['--no-owner', url], { maxBuffer: 2 ** 26 });
    const restoredUrl = await createDatabase(adminUrl, `${name}_restored`);
    const restoring = run('psql', ['--quiet', '--set=ON_ERROR_STOP=1', restoredUrl]);
    restoring.child.stdin?.end(stdout);
    await restoring;
    const restored = new PostgresEventStore({ connectionString: restoredUrl, ...quiet });
    expect(await restored.readAll().toArray()).toEqual(log);
    expect(await restored.appendEvents(stream, events, { expectedVersion: 0 })).toMatchObject({ version: 3 });
    const { position } = await restored.appendEvents(stream, someEvents(1), { expectedVersion: 3 });
    expect(position).toBeGreaterThan(log.at(-1)?.position ?? 0n);
    expect(disorderOf(await restored.readAll().toArray())).toEqual([]);
    await restored.close();
    await dropDatabase(adminUrl, `${name}_restored`);
  });
});
