import type { Pool } from 'pg';
import type { LoadedOrder } from './loading.ts';
import { addLine, aggregateType, emptyOrder, eventType, type Line, totalOf } from './order.ts';
import { type RawEvent as AnyRawEvent, timeOrderedId } from './raw-event.ts';
import type { SavedOrder } from './saving.ts';

type RawEvent = AnyRawEvent<Date, readonly string[], object>;

const columns = `position, version, id, type, schema_version, occurred_at, recorded_at, correlation_id, causation_id, actor_id, tenant_id,
  traceparent, tracestate, tags, metadata, data`;

/* What the driver makes of the columns: text of a bigint, a `Date` of a time, an object of JSON. */
type RawRow = readonly [
  position: string,
  version: number,
  id: string,
  type: string,
  schemaVersion: string,
  occurredAt: Date,
  recordedAt: Date,
  correlationId: string,
  causationId: string,
  actorId: string | null,
  tenantId: string | null,
  traceparent: string | null,
  tracestate: string | null,
  tags: readonly string[] | null,
  metadata: object | null,
  data: Line,
];

const toEvent = (row: RawRow, type: string, id: string): RawEvent => ({
  position: Number(row[0]),
  version: row[1],
  id: row[2],
  type: row[3],
  schemaVersion: Number(row[4]),
  occurredAt: row[5],
  recordedAt: row[6],
  correlationId: row[7],
  causationId: row[8],
  actorId: row[9],
  tenantId: row[10],
  traceparent: row[11],
  tracestate: row[12],
  tags: row[13],
  metadata: row[14],
  data: row[15],
  aggregateType: type,
  aggregateId: id,
});

const inserted = `INSERT INTO es.events
  (position, version, id, type, schema_version, occurred_at, recorded_at, aggregate_type, aggregate_id, correlation_id, causation_id, data)`;
const isAtVersion = '(SELECT coalesce(max(version), 0) FROM es.events WHERE aggregate_id = $2 AND aggregate_type = $1) = $3';

/* Each its own statement, as someone would write it for the one job: nothing to take apart where there is one event. */
const insertOne = {
  name: 'insert_one',
  text: `${inserted} SELECT nextval('es.positions'), $3::integer + 1, $4, $5, 1, $6, $6, $1, $2, $4, $4, $7 WHERE ${isAtVersion}`,
};
const insertMany = {
  name: 'insert_many',
  text: `${inserted} SELECT nextval('es.positions'), $3::integer + e.n, e.id, $5, 1, $6, $6, $1, $2, $8, $8, e.data
  FROM unnest($4::text[], $7::json[]) WITH ORDINALITY AS e (id, data, n) WHERE ${isAtVersion}`,
};

/** Rows a query of {@link RawPostgresOrders.readAll} brings. */
const pageSize = 1_000;
const stream = 'FROM es.events WHERE aggregate_id = $1 AND aggregate_type = $2 ORDER BY version';
// Rows as arrays: faster than as objects.
const selectStream = { name: 'stream', text: `SELECT ${columns} ${stream}`, rowMode: 'array' } as const;
const selectVersion = {
  name: 'version',
  text: 'SELECT max(version) FROM es.events WHERE aggregate_id = $1 AND aggregate_type = $2',
  rowMode: 'array',
} as const;
const selectPage = {
  name: 'page',
  text: `SELECT ${columns}, aggregate_type, aggregate_id FROM es.events WHERE position > $1 ORDER BY position LIMIT ${pageSize}`,
  rowMode: 'array',
} as const;

/**
 * The baseline: the same rows in the same tables with the same indexes, written by hand for this one job with pg and prepared statements. It has
 * no telemetry, no validation, no copies, one kind of event, and no order of positions that a reader could rely on.
 */
export class RawPostgresOrders {
  readonly #pool: Pool;

  /** @param pool - Of a database in which the store has made its tables. */
  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Saves a new order. */
  readonly save = async (id: string, lines: readonly Line[]): Promise<SavedOrder> => {
    if (!(await this.append(id, 0, lines))) throw new Error(`The order ${id} is there already.`);
    return { version: lines.length, total: totalOf(lines) };
  };

  /** Adds lines to an order if it has the expected version: one statement, a transaction of its own. Answers whether it had. */
  async append(id: string, expectedVersion: number, lines: readonly Line[]): Promise<boolean> {
    const ids = lines.map(() => timeOrderedId());
    const data = lines.map((line) => JSON.stringify(line));
    const now = new Date().toISOString();
    const query =
      lines.length === 1
        ? { ...insertOne, values: [aggregateType, id, expectedVersion, ids[0], eventType, now, data[0]] }
        : { ...insertMany, values: [aggregateType, id, expectedVersion, ids, eventType, now, data, ids[0]] };
    const { rowCount } = await this.#pool.query(query);
    return rowCount === lines.length;
  }

  /** At which version an order stands. */
  async versionOf(id: string): Promise<number> {
    const { rows } = await this.#pool.query<readonly [number] & unknown[]>({ ...selectVersion, values: [id, aggregateType] });
    return rows[0]?.[0] ?? 0;
  }

  /** An order from its events, each of which becomes an object with all its fields, as the store's do. */
  readonly load = async (id: string): Promise<LoadedOrder> => {
    const { rows } = await this.#pool.query<RawRow & unknown[]>({ ...selectStream, values: [id, aggregateType] });
    let state = emptyOrder;
    let version = 0;
    for (const row of rows) {
      const event = toEvent(row, aggregateType, id);
      state = addLine(state, event.data);
      version = event.version;
    }
    return { version, state };
  };

  /** All events in order, a page in memory at a time. */
  async *readAll(after = 0): AsyncGenerator<readonly RawEvent[], void> {
    for (let last = after; ; ) {
      const { rows } = await this.#pool.query({ ...selectPage, values: [last] });
      const page = rows.map((row) => toEvent(row as unknown as RawRow, row[16], row[17]));
      yield page;
      const end = page.at(-1);
      if (end === undefined || page.length < pageSize) return;
      last = end.position;
    }
  }
}
