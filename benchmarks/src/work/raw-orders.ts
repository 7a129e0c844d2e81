import Database from 'better-sqlite3';
import type { LoadedOrder } from './loading.ts';
import { addLine, aggregateType, emptyOrder, eventType, type Line, totalOf } from './order.ts';
import { type RawEvent, timeOrderedId } from './raw-event.ts';
import type { SavedOrder } from './saving.ts';

/** When SQLite forces what it writes onto the disk. */
export type Synchronous = 'off' | 'normal' | 'full';

const columns = `position, version, id, type, schema_version, occurred_at, recorded_at, correlation_id, causation_id, actor_id, tenant_id,
  traceparent, tracestate, tags, metadata, data`;

type RawRow = readonly [
  position: number,
  version: number,
  id: string,
  type: string,
  schemaVersion: number,
  occurredAt: string,
  recordedAt: string,
  correlationId: string,
  causationId: string,
  actorId: string | null,
  tenantId: string | null,
  traceparent: string | null,
  tracestate: string | null,
  tags: string | null,
  metadata: string | null,
  data: string,
];

const toEvent = (row: RawRow, type: string, id: string): RawEvent => ({
  position: row[0],
  version: row[1],
  id: row[2],
  type: row[3],
  schemaVersion: row[4],
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
  data: JSON.parse(row[15]),
  aggregateType: type,
  aggregateId: id,
});

const insertSql = `INSERT INTO es_events (id, type, schema_version, aggregate_type, aggregate_id, version, occurred_at, recorded_at,
  correlation_id, causation_id, actor_id, tenant_id, traceparent, tracestate, tags, metadata, data)
  VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, NULL, NULL, NULL, NULL, NULL, NULL, ?)`;

/** Rows a query of {@link RawOrders.readAll} brings: more at a time were no faster. */
const pageSize = 500;

/**
 * The baseline: the same rows in the same tables, written by hand for this one job with better-sqlite3 and prepared statements. It has no
 * telemetry, no validation, no copies, one kind of event, and leaves conflicts to the unique index.
 */
export class RawOrders {
  readonly #database: Database.Database;
  readonly #insert: Database.Statement;
  readonly #readStream: Database.Statement<unknown[], RawRow>;
  readonly #readStreamData: Database.Statement<unknown[], readonly [version: number, data: string]>;
  readonly #readAll: Database.Statement<unknown[], readonly [...RawRow, aggregateType: string, aggregateId: string]>;
  readonly #append: (id: string, lines: readonly Line[]) => void;

  /** @param path - A file in which the store has made its tables. */
  constructor(path: string, synchronous: Synchronous) {
    this.#database = new Database(path);
    this.#database.pragma('journal_mode = WAL');
    this.#database.pragma(`synchronous = ${synchronous}`);
    if (synchronous === 'full') this.#database.pragma('fullfsync = ON');
    this.#insert = this.#database.prepare(insertSql);
    const stream = 'FROM es_events WHERE aggregate_type = ? AND aggregate_id = ? ORDER BY version';
    const log = `FROM es_events WHERE position > ? ORDER BY position LIMIT ${pageSize}`;
    // Rows as arrays: a quarter faster than as objects.
    this.#readStream = this.#database.prepare<unknown[], RawRow>(`SELECT ${columns} ${stream}`).raw();
    this.#readStreamData = this.#database.prepare<unknown[], readonly [number, string]>(`SELECT version, data ${stream}`).raw();
    this.#readAll = this.#database
      .prepare<unknown[], readonly [...RawRow, string, string]>(`SELECT ${columns}, aggregate_type, aggregate_id ${log}`)
      .raw();
    this.#append = this.#database.transaction((id: string, lines: readonly Line[]) => this.#insertLines(id, lines)).immediate;
  }

  /** Saves a new order in a transaction of its own. */
  readonly save = (id: string, lines: readonly Line[]): SavedOrder => {
    this.#append(id, lines);
    return { version: lines.length, total: totalOf(lines) };
  };

  /** Saves many orders in one transaction: only to fill a database. */
  fill(orders: Iterable<readonly [id: string, lines: readonly Line[]]>): void {
    this.#database.transaction(() => {
      for (const [id, lines] of orders) this.#insertLines(id, lines);
    })();
  }

  /** An order from its events, each of which becomes an object with all its fields, as the store's do. */
  readonly load = (id: string): LoadedOrder => {
    let state = emptyOrder;
    let version = 0;
    for (const row of this.#readStream.all(aggregateType, id)) {
      const event = toEvent(row, aggregateType, id);
      state = addLine(state, event.data);
      version = event.version;
    }
    return { version, state };
  };

  /** An order from nothing but the two columns that this one job needs. */
  readonly loadDataOnly = (id: string): LoadedOrder => {
    let state = emptyOrder;
    let version = 0;
    for (const [rowVersion, data] of this.#readStreamData.all(aggregateType, id)) {
      state = addLine(state, JSON.parse(data));
      version = rowVersion;
    }
    return { version, state };
  };

  /** All events in order, a page in memory at a time. */
  *readAll(): Generator<RawEvent, void> {
    let after = 0;
    for (;;) {
      const page = this.#readAll.all(after);
      for (const row of page) yield toEvent(row as unknown as RawRow, row[16], row[17]);
      const last = page.at(-1);
      if (last === undefined || page.length < pageSize) return;
      after = last[0];
    }
  }

  /** What the tables hold: events, streams, and the greatest version. */
  contents(): { readonly events: number; readonly streams: number; readonly longest: number } {
    return this.#database
      .prepare<[], { events: number; streams: number; longest: number }>(
        'SELECT count(*) AS events, count(DISTINCT aggregate_id) AS streams, coalesce(max(version), 0) AS longest FROM es_events',
      )
      .get() as { events: number; streams: number; longest: number };
  }

  close(): void {
    this.#database.close();
  }

  #insertLines(id: string, lines: readonly Line[]): void {
    const now = new Date().toISOString();
    let correlationId: string | undefined;
    for (const [index, line] of lines.entries()) {
      const eventId = timeOrderedId();
      correlationId ??= eventId;
      this.#insert.run(eventId, eventType, aggregateType, id, index + 1, now, now, correlationId, correlationId, JSON.stringify(line));
    }
  }
}
