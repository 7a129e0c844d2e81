import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithPgBouncer, describeWithPostgres } from './use-postgres.ts';

const seen: string[] = [];

describeWithPostgres('a suite with PostgreSQL', (database) => {
  const client = new Client({ connectionString: database.url });
  beforeAll(() => client.connect());
  afterAll(() => client.end());

  it('has an empty database of its own', async () => {
    const { rows } = await client.query(
      `SELECT current_database() AS name, count(*)::int AS tables FROM pg_tables WHERE schemaname = 'public'`,
    );
    expect(rows).toEqual([{ name: database.name, tables: 0 }]);
    seen.push(database.name);
  });
});

describeWithPgBouncer('a suite with PgBouncer', (database) => {
  const direct = new Client({ connectionString: database.url });
  const pooled = new Client({ connectionString: database.pooledUrl });
  beforeAll(() => Promise.all([direct.connect(), pooled.connect()]));
  afterAll(() => Promise.all([direct.end(), pooled.end()]));

  it('reaches the same database directly and through the pooler', async () => {
    await direct.query('CREATE TABLE shared AS SELECT 7 AS number');
    expect((await pooled.query('SELECT number FROM shared')).rows).toEqual([{ number: 7 }]);
    expect(Number(new URL(database.pooledUrl).port)).not.toBe(Number(new URL(database.url).port));
  });

  it('does not see the database of the suite before it, which is gone', async () => {
    const { rows } = await direct.query<{ datname: string }>('SELECT datname FROM pg_database');
    const names = rows.map(({ datname }) => datname);
    expect(names).toContain(database.name);
    expect(seen.filter((name) => names.includes(name))).toEqual([]);
    expect(seen).toHaveLength(1);
  });
});
