import { startPrivatePostgres } from '@es-internal/services/private-postgres';
import { FaultyProxy } from '@es-internal/services/proxy';
import { describeWithPostgres } from '@es-internal/services/vitest/use-postgres';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { aStream, disorderOf, someEvents } from './following.fixture.ts';
import { PostgresEventStore, PostgresSnapshotStore } from './index.ts';

const anyVersion = { expectedVersion: 'any' } as const;
const quiet = { tracing: false, metrics: false } as const;

describeWithPostgres('faults of connections', ({ url, name, adminUrl }) => {
  const store = new PostgresEventStore({ connectionString: url, ...quiet });
  beforeAll(() => store.getHeadPosition());
  afterAll(() => store.close());

  const throughProxy = async (): Promise<{ proxy: FaultyProxy; far: PostgresEventStore }> => {
    const proxy = await FaultyProxy.before(url);
    const far = new PostgresEventStore({ connectionString: proxy.url, ...quiet });
    onTestFinished(async () => {
      proxy.swallow = () => false;
      await far.close();
      await proxy.close();
    });
    await far.getHeadPosition();
    return { proxy, far };
  };

  test.for(['no-stream', 'any'] as const)(
    'an append whose answer is lost is settled by itself: stored once, expecting %s',
    async (expectedVersion) => {
      const { proxy, far } = await throughProxy();
      const [stream, events] = [aStream(), someEvents(3)];
      let lost = 0;
      let armed = false;
      // Bind of the append goes out; the next answer belongs to it.
      proxy.onRequest = (request) => {
        armed ||= request.includes(events[0]?.id ?? '');
      };
      proxy.swallow = () => {
        if (!armed || lost > 0) return false;
        lost += 1;
        return true;
      };
      const result = await far.appendEvents(stream, events, { expectedVersion });
      expect(lost).toBe(1);
      const stored = await store.getEvents(stream).toArray();
      expect(stored.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
      expect(result).toEqual({ version: 3, position: stored.at(-1)?.position });
    },
  );

  test('a read whose connection is cut between two pages, or within one, still yields everything once', async () => {
    const { proxy, far } = await throughProxy();
    const stream = aStream();
    await store.appendEvents(stream, someEvents(5_000, { data: { text: 'x'.repeat(500) } }), anyVersion);
    for (const read of [far.getEvents(stream), far.readAll()]) {
      const versions: number[] = [];
      let pages = 0;
      let cuts = 0;
      proxy.swallow = (answer) => {
        if (answer.length < 10_000 || cuts >= 3) return false;
        cuts += 1;
        return true;
      };
      for await (const page of read.pages()) {
        versions.push(...page.filter((event) => event.aggregateId === stream.aggregateId).map(({ version }) => version));
        pages += 1;
        if (pages === 3) proxy.cut();
      }
      expect(cuts).toBe(3);
      expect(versions).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1));
    }
  });

  test('a read that can not go on fails, rather than ending early', async () => {
    const { proxy, far } = await throughProxy();
    const stream = aStream();
    await store.appendEvents(stream, someEvents(1_000), anyVersion);
    let seen = 0;
    await expect(
      (async () => {
        for await (const page of far.getEvents(stream).pages()) {
          seen += page.length;
          await proxy.close();
        }
      })(),
    ).rejects.toMatchObject({ code: 'ES_STORAGE_UNAVAILABLE' });
    expect(seen).toBeLessThan(1_000);
  });

  test('idle connections of a pool that was handed in may break: the process lives, and the pool stays its owner’s', async () => {
    const pool = new Pool({ connectionString: url });
    const stores = [new PostgresEventStore({ pool, ...quiet }), new PostgresSnapshotStore({ pool, ...quiet })];
    await stores[0]?.close();
    const own = new PostgresEventStore({ pool, ...quiet });
    await own.getHeadPosition();
    const lost = new Promise((resolve) => pool.once('error', resolve));
    await store.getHeadPosition();
    const admin = new Client({ connectionString: adminUrl });
    await admin.connect();
    await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND application_name = ''", [name]);
    await admin.end();
    await lost;
    await own.appendEvents(aStream(), someEvents(1), anyVersion);
    await Promise.all([own.close(), stores[1]?.close()]);
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect(pool.listenerCount('error')).toBe(0);
    await pool.end();
  });

  test('a server that goes away while a closed store says goodbye ends nothing but the connection', async () => {
    const { proxy, far } = await throughProxy();
    const fatal = Buffer.from('E\0\0\0\x1fSFATAL\0C57P01\0Mgoing away\0\0', 'latin1');
    const said = Promise.withResolvers<void>();
    const failures: string[] = [];
    const onFailure = (error: unknown): void => void failures.push(String(error));
    proxy.answer = (request) => {
      if (request[0] !== 'X'.charCodeAt(0)) return undefined;
      said.resolve();
      return fatal;
    };
    process.on('uncaughtExceptionMonitor', onFailure);
    onTestFinished(() => void process.off('uncaughtExceptionMonitor', onFailure));
    await far.close();
    await said.promise;
    await expect.poll(() => proxy.connections).toBe(0);
    expect(failures).toEqual([]);
  });

  test('failures name what was tried and what to do, and never the password', async () => {
    const wrong = new URL(url);
    wrong.password = 'not-the-password';
    const nobody = new URL(url);
    nobody.port = '1';
    const noDatabase = new URL(url);
    noDatabase.pathname = '/nowhere';
    for (const [at, code, advice] of [
      [wrong, 'ES_STORAGE_UNAVAILABLE', 'refused the login'],
      [nobody, 'ES_STORAGE_UNAVAILABLE', 'can’t be reached'],
      [noDatabase, 'ES_STORAGE_UNAVAILABLE', 'refused the login'],
    ] as const) {
      const failing = new PostgresEventStore({ connectionString: at.href, ...quiet });
      const error: unknown = await failing.appendEvents(aStream(), someEvents(1), anyVersion).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code, message: expect.stringContaining(advice), cause: expect.any(Error) });
      expect(String(error)).toMatch(/^StorageError: PostgresEventStore.appendEvents failed on \w+ at [\d.]+:\d+: /);
      expect(String(error)).not.toContain(at.password);
      await failing.close();
    }
  });

  test('an exhausted pool, a statement timeout and missing grants are told apart', async () => {
    const pool = new Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 100 });
    const full = new PostgresEventStore({ pool, ...quiet });
    await full.getHeadPosition();
    const held = await pool.connect();
    await expect(full.getHeadPosition()).rejects.toMatchObject({ code: 'ES_STORAGE_BUSY', message: expect.stringContaining('pool') });
    held.release();
    await full.getHeadPosition();
    await full.close();
    await pool.end();

    const slow = new Pool({ connectionString: url, statement_timeout: 100 });
    const impatient = new PostgresEventStore({ pool: slow, ...quiet });
    await impatient.getHeadPosition();
    const holder = new Client({ connectionString: url });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE es.events');
    await expect(impatient.getHeadPosition()).rejects.toMatchObject({ code: 'ES_STORAGE_BUSY', message: expect.stringContaining('57014') });
    await holder.query('ROLLBACK');
    await holder.query(`CREATE ROLE ${name}_reader LOGIN PASSWORD 'reads'; GRANT USAGE ON SCHEMA es TO ${name}_reader`);
    await holder.query(`GRANT SELECT ON ALL TABLES IN SCHEMA es TO ${name}_reader`);
    const readerUrl = new URL(url);
    [readerUrl.username, readerUrl.password] = [`${name}_reader`, 'reads'];
    const reader = new PostgresEventStore({ connectionString: readerUrl.href, ...quiet });
    await reader.readAll().toArray();
    await expect(reader.appendEvents(aStream(), someEvents(1), anyVersion)).rejects.toMatchObject({
      code: 'ES_STORAGE_READ_ONLY',
      message: expect.stringContaining('grant'),
    });
    await Promise.all([impatient.close(), reader.close()]);
    await holder.query(`DROP OWNED BY ${name}_reader; DROP ROLE ${name}_reader`);
    await Promise.all([slow.end(), holder.end()]);
  });

  test('values that PostgreSQL can’t store fail their own append alone', async () => {
    const good = aStream();
    const outcomes = await Promise.allSettled([
      store.appendEvents(aStream(), someEvents(1), anyVersion),
      store.appendEvents({ aggregateType: 'a\0b', aggregateId: '1' }, someEvents(1), anyVersion),
      store.appendEvents(good, someEvents(1), anyVersion),
      store.appendEvents(
        { aggregateType: 'long', aggregateId: Array.from({ length: 3_000 }, () => crypto.randomUUID()).join('') },
        someEvents(1),
        anyVersion,
      ),
    ]);
    expect(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'appended' : outcome.reason.code))).toEqual([
      'appended',
      'ES_INVALID_ARGUMENT',
      'appended',
      'ES_STORAGE_FULL',
    ]);
  });
});

describe('faults of the server', () => {
  test('a server that is restarted amid appends loses none that was acknowledged, and doubles none', async () => {
    await using server = await startPrivatePostgres();
    const store = new PostgresEventStore({ connectionString: server.url, ...quiet });
    const streams = Array.from({ length: 8 }, () => aStream());
    const acknowledged: string[] = [];
    let isOver = false;
    const writers = streams.map(async (stream) => {
      for (let version = 0; !isOver; version += 1) {
        const events = someEvents(1);
        await store.appendEvents(stream, events, { expectedVersion: version });
        acknowledged.push(...events.map(({ id }) => id));
      }
    });
    const reached = (count: number): Promise<void> =>
      vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(count), { timeout: 30_000 });
    await reached(50);
    await server.stop('immediate');
    await server.start();
    await reached(acknowledged.length + 50);
    await server.stop();
    await server.start();
    await reached(acknowledged.length + 50);
    isOver = true;
    await Promise.all(writers);
    const log = await store.readAll().toArray();
    expect(disorderOf(log)).toEqual([]);
    expect(log.map(({ id }) => id).sort()).toEqual(acknowledged.sort());
    await store.close();
  });
});
