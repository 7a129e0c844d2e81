import {
  type AllQuery,
  type AppendOutcome,
  type AppendRequest,
  type EventRecord,
  type EventStorage,
  InvalidArgumentError,
  type OnAppendWait,
  type StorageDescription,
  type StreamId,
  type StreamPosition,
  type StreamQuery,
} from '@es/core';
import { APPENDED, arrayText, assertText, columnValues, dataArray, expectedNumber, REFUSED } from './append-batch.ts';
import { answerRefused } from './append-events.ts';
import { heldTooLong } from './append-queue.ts';
import { EVENT_PARAMETERS } from './event-columns.ts';
import { EVENT_COLUMNS, type EventRow, toRecord } from './event-row.ts';
import type { PositionSequence } from './position-sequence.ts';
import type { PostgresConnection, Statement } from './postgres-connection.ts';
import type { PostgresQueryable, PostgresResult } from './postgres-pool.ts';
import { headPosition, readAll } from './read-all.ts';
import type { SqlNames } from './sql-names.ts';

const pageRows = 500;

/**
 * Events in a transaction of the caller's. What it appends is kept aside until that commits, gets its positions then, and has position 0 for
 * those who read in the same transaction.
 */
export class TransactionStorage implements EventStorage {
  readonly description: StorageDescription;
  readonly #connection: PostgresConnection;
  readonly #positions: PositionSequence;
  readonly #client: PostgresQueryable;
  readonly #lockTimeoutMs: number;
  readonly #statements: ReturnType<typeof transactionStatements>;

  constructor(connection: PostgresConnection, positions: PositionSequence, client: PostgresQueryable, lockTimeoutMs: number) {
    this.description = connection.describe('events');
    this.#connection = connection;
    this.#positions = positions;
    this.#client = client;
    this.#lockTimeoutMs = lockTimeoutMs;
    this.#statements = transactionStatements(connection.names);
  }

  async append(request: AppendRequest, _signal?: AbortSignal, onWait?: OnAppendWait): Promise<AppendOutcome> {
    const { stream, records, expectedVersion } = request;
    assertText(stream.aggregateType);
    assertText(stream.aggregateId);
    // Asked on the caller's own connection, which may be the only one that there is.
    if (!this.#positions.isTrusted) await this.#positions.verify((statement) => this.#run('appendEvents', statement, []));
    const { rows } = await this.#run('appendEvents', this.#statements.append, [
      stream.aggregateType,
      stream.aggregateId,
      expectedNumber(expectedVersion),
      this.#lockTimeoutMs,
      arrayText(records.map((_, index) => index + 1)),
      ...columnValues(records),
      dataArray(records),
    ]);
    const [verdictText, versionText, waited] = rows[0] as readonly [string, string | null, string | null];
    const [verdict, version] = [Number(verdictText), Number(versionText)];
    const wait = { waitedFor: 'stream', seconds: Number(waited) } as const;
    if (verdict !== APPENDED && verdict !== REFUSED) {
      const error = heldTooLong(stream, this.#lockTimeoutMs);
      onWait?.({ ...wait, error });
      throw error;
    }
    if (waited !== null) onWait?.(wait);
    if (verdict === APPENDED) return { status: 'appended', version: version + records.length, position: 0n };
    const run = (statement: Statement, values: readonly unknown[]): Promise<PostgresResult> => this.#run('appendEvents', statement, values);
    return answerRefused(request, version, run, this.#statements.places);
  }

  async *readStream({ stream, fromVersion, toVersion, limit, direction }: StreamQuery): AsyncGenerator<readonly EventRecord[], void> {
    const { aggregateType, aggregateId } = stream;
    let [from, to, left] = [fromVersion, toVersion, limit];
    while (left > 0 && from <= to) {
      const count = Math.min(left, pageRows);
      const { rows } = await this.#run('getEvents', this.#statements[direction], [aggregateId, aggregateType, from, to, count]);
      const page = (rows as EventRow[]).map((row) => toRecord(row, aggregateType, aggregateId));
      const last = page.at(-1);
      if (last === undefined) return;
      yield page;
      left -= page.length;
      if (direction === 'forward') from = last.version + 1;
      else to = last.version - 1;
    }
  }

  /** The log itself has no place yet for what the transaction appended: this shows what is committed. */
  readAll(query: AllQuery, signal?: AbortSignal): AsyncIterable<readonly EventRecord[]> {
    return readAll(this.#connection, query, signal);
  }

  async streamPosition({ aggregateType, aggregateId }: StreamId): Promise<StreamPosition> {
    const { rows } = await this.#run('appendEvents', this.#statements.end, [aggregateId, aggregateType]);
    const row = rows[0] as readonly [string, string] | undefined;
    return row === undefined ? { version: 0, position: 0n } : { version: Number(row[0]), position: BigInt(row[1]) };
  }

  headPosition(): Promise<bigint> {
    return headPosition(this.#connection, 'getHeadPosition');
  }

  async waitForAppend(): Promise<void> {
    throw new InvalidArgumentError(
      'waitForEvents can’t be used in a transaction, which would stay open meanwhile. Wait with the store itself.',
    );
  }

  /** The caller's connection stays the caller's. */
  async close(): Promise<void> {
    await Promise.resolve();
  }

  #run(operation: string, statement: Statement, values: readonly unknown[]): Promise<PostgresResult> {
    return this.#connection.queryOn(this.#client, operation, statement, values);
  }
}

function transactionStatements({ schema }: SqlNames): Record<'append' | 'places' | 'end' | 'forward' | 'backward', Statement> {
  const parameters = Array.from({ length: 5 + EVENT_PARAMETERS.length + 1 }, (_, index) => `$${index + 1}`);
  const own = 'transaction_id = pg_current_xact_id_if_assigned()';
  const both = (columns: readonly string[], condition: string): string => `(
  SELECT ${columns.join(', ')} FROM ${schema}.events WHERE ${condition}
  UNION ALL
  SELECT ${columns.map((column) => (column === 'position' ? '0 AS position' : column)).join(', ')} FROM ${schema}.pending_events WHERE ${own} AND ${condition}
) AS both_`;
  const inStream = `SELECT * FROM ${both(
    EVENT_COLUMNS.map((column, index) => `${column}${/^\w+$/.test(column) ? '' : ` AS c${index}`}`),
    'aggregate_id = $1 AND aggregate_type = $2 AND version BETWEEN $3::bigint AND $4::bigint',
  )} ORDER BY version`;
  return {
    append: {
      name: 'es_pending',
      text: `SELECT o_verdict, o_version, o_waited FROM ${schema}.append_pending_events(${parameters.join(', ')})`,
    },
    places: {
      name: 'es_tplaces',
      text: `SELECT * FROM ${both(['id', 'aggregate_type', 'aggregate_id', 'version', 'position'], 'id = ANY ($1::text[])')}`,
    },
    end: {
      name: 'es_tend',
      text: `SELECT version, position FROM ${both(['version', 'position'], 'aggregate_id = $1 AND aggregate_type = $2')} ORDER BY version DESC LIMIT 1`,
    },
    forward: { name: 'es_tforward', text: `${inStream} LIMIT $5` },
    backward: { name: 'es_tbackward', text: `${inStream} DESC LIMIT $5` },
  };
}
