import { Client } from 'pg';
import { aggregateType, eventType, linesOf } from './order.ts';
import { openPostgresStore } from './postgres-store.ts';
import { linesEach, longOrderId, type SeedSize } from './seed.ts';

/*
 * Each order's lines in the order of its versions, orders one after the other; the ids of events are put together so that they ascend, as the store's
 * do. Parameters: the first order and the one behind the last; the lines; aggregate type; event type; how many events there are.
 */
const insertOrders = (id: string): string => `
INSERT INTO es.events (position, version, id, type, schema_version, occurred_at, recorded_at, aggregate_type, aggregate_id,
  correlation_id, causation_id, data)
SELECT position, version, event_id, $5, 1, now(), now(), $4, aggregate_id, event_id, event_id, data
FROM (
  SELECT *, lpad(position::text, 13, '0') || substr(gen_random_uuid()::text, 14) AS event_id
  FROM (
    SELECT $6::bigint + (line.n - $1::bigint) * cardinality($3::json[]) + line.version AS position, line.*
    FROM (
      SELECT n, aggregate_id, unnest($3::json[]) AS data, generate_series(1, cardinality($3::json[])) AS version
      FROM (SELECT n, ${id} AS aggregate_id FROM generate_series($1::bigint, $2::bigint - 1) AS n OFFSET 0) AS orders
    ) AS line
  ) AS placed
) AS made`;

const namedOrder = `'order-' || lpad(n::text, 6, '0')`;
/** In no order, as random ids are, and the same each time. */
const randomOrder = 'md5(n::text)::uuid::text';

/** Fills a new database by SQL on its own, as no application would: only to have something to measure on. */
class Filler {
  readonly #client: Client;
  #events = 0;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Adds the orders from one number up to, not including, another. */
  async add(id: string, from: number, to: number, lines: number): Promise<void> {
    const data = linesOf(0, lines).map((line) => JSON.stringify(line));
    const { rowCount } = await this.#client.query(insertOrders(id), [from, to, data, aggregateType, eventType, this.#events]);
    this.#events += rowCount ?? 0;
  }

  async finish(): Promise<void> {
    await this.#client.query(`SELECT setval('es.positions', $1)`, [this.#events]);
    // What autovacuum would do some time, and writing what is still in memory, must not fall into a measurement.
    await this.#client.query('VACUUM ANALYZE es.events');
    await this.#client.query('CHECKPOINT');
  }
}

const filling = async (url: string, fill: (filler: Filler, client: Client) => Promise<void>): Promise<void> => {
  const store = openPostgresStore(url);
  await store.eventStore.getHeadPosition();
  await store.close();
  const client = new Client({ connectionString: url });
  await client.connect();
  const filler = new Filler(client);
  await fill(filler, client);
  await filler.finish();
  await client.end();
};

/** Makes the store's tables in an empty database, and a log to read: the same orders as in the file of SQLite. */
export const seedPostgres = (url: string, { orders, longOrder }: SeedSize): Promise<void> =>
  filling(url, async (filler) => {
    const half = Math.floor(orders / 2);
    await filler.add(namedOrder, 0, half, linesEach);
    await filler.add(`'${longOrderId}'`, 0, 1, longOrder);
    await filler.add(namedOrder, half, orders, linesEach);
  });

interface Definition {
  readonly name: string;
  readonly making: string;
  readonly dropping: string;
}

const definitions = `
SELECT conname AS name, format('ALTER TABLE es.events ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) AS making,
  format('ALTER TABLE es.events DROP CONSTRAINT %I', conname) AS dropping
FROM pg_constraint WHERE conrelid = 'es.events'::regclass AND contype IN ('p', 'u')
UNION ALL
SELECT relname, pg_get_indexdef(oid), format('DROP INDEX es.%I', relname)
FROM pg_class JOIN pg_index ON indexrelid = oid
WHERE indrelid = 'es.events'::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)`;

/** Makes the store's tables in an empty database, with so many events in orders that have random ids. Its indexes are made at the end. */
export const growPostgres = (url: string, events: number): Promise<void> =>
  filling(url, async (filler, client) => {
    await client.query(`SET maintenance_work_mem = '1GB'; SET synchronous_commit = off`);
    const { rows } = await client.query<Definition>(definitions);
    for (const { dropping } of rows) await client.query(dropping);
    await filler.add(randomOrder, 0, events / linesEach, linesEach);
    for (const { making } of rows) await client.query(making);
  });
