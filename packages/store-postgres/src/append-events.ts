import { type AppendOutcome, type AppendRequest, type EventPlace, resolveDuplicate, type StreamId, type StreamPosition } from '@es/core';
import { APPENDED, arrayText, assertText, columnValues, dataArray, expectedNumber, REFUSED } from './append-batch.ts';
import type { BatchOutcome } from './append-queue.ts';
import { EVENT_PARAMETERS } from './event-columns.ts';
import type { SentAppend } from './pending-append.ts';
import type { PositionSequence } from './position-sequence.ts';
import type { PostgresConnection, Statement } from './postgres-connection.ts';
import { LOCK_TIMEOUT, sqlState, violated } from './postgres-failure.ts';
import type { PostgresResult } from './postgres-pool.ts';
import type { SqlNames } from './sql-names.ts';

/** Runs a statement, on whatever connection. */
export type Run = (statement: Statement, values: readonly unknown[]) => Promise<PostgresResult>;

/** The statements that appends need, for one schema. */
export function appendStatements({ schema }: SqlNames): Record<'append' | 'streamEnd' | 'places', Statement> {
  const parameters = Array.from({ length: 6 + EVENT_PARAMETERS.length + 1 }, (_, index) => `$${index + 1}`);
  return {
    append: {
      name: 'es_append',
      text: `SELECT o_verdicts, o_versions, o_last, o_is_heard, o_waited FROM ${schema}.append_events(${parameters.join(', ')})`,
    },
    streamEnd: {
      name: 'es_end',
      text: `SELECT version, position FROM ${schema}.events WHERE aggregate_id = $1 AND aggregate_type = $2 ORDER BY version DESC LIMIT 1`,
    },
    places: {
      name: 'es_places',
      text: `SELECT id, aggregate_type, aggregate_id, version, position FROM ${schema}.events WHERE id = ANY ($1::text[])`,
    },
  };
}

type AppendRow = readonly [verdicts: string, versions: string, last: string | null, isHeard: 't' | 'f', waited: string | null];
type PlaceRow = readonly [id: string, aggregateType: string, aggregateId: string, version: string, position: string];

/** Appends batches, each in one statement and so in one transaction. */
export class EventAppender {
  readonly #connection: PostgresConnection;
  readonly #statements: ReturnType<typeof appendStatements>;
  readonly #positions: PositionSequence;
  readonly #lockTimeoutMs: number;
  readonly #onAppended: (isHeard: boolean) => void;

  /** @param onAppended - Called after a commit; told whether somebody listens. */
  constructor(connection: PostgresConnection, positions: PositionSequence, lockTimeoutMs: number, onAppended: (isHeard: boolean) => void) {
    this.#connection = connection;
    this.#statements = appendStatements(connection.names);
    this.#positions = positions;
    this.#lockTimeoutMs = lockTimeoutMs;
    this.#onAppended = onAppended;
  }

  /** Sends appends together, each to another stream. What fails them as a whole, but might be the fault of one, makes each go alone. */
  async send(batch: readonly SentAppend[]): Promise<readonly BatchOutcome[]> {
    try {
      return await this.#sendTogether(batch);
    } catch (error) {
      if (batch.length === 1 || !mayBeOfOne(error)) throw error;
    }
    const outcomes: BatchOutcome[] = [];
    for (const sent of batch) {
      outcomes.push(...(await this.#sendTogether([sent]).catch((error: unknown) => [{ status: 'failed', error } as const])));
    }
    return outcomes;
  }

  async #sendTogether(batch: readonly SentAppend[]): Promise<readonly BatchOutcome[]> {
    const requests = batch.map(({ request }) => request);
    const [verdicts, versions, last, isHeard, waited] = await this.#append(batch, requests);
    if (waited !== null) tellOfLog(batch, Number(waited));
    if (last !== null) this.#onAppended(isHeard === 't');
    const before = numbers(versions);
    const verdictOf = numbers(verdicts);
    // Positions were given out in the order of the appends, without gaps: the last is known, the others are counted back from it.
    let position = last === null ? 0n : BigInt(last);
    const appended = requests.map((_, index) => verdictOf[index] === APPENDED);
    const positions: bigint[] = [];
    for (let index = requests.length - 1; index >= 0; index -= 1) {
      positions[index] = position;
      if (appended[index]) position -= BigInt(requests[index]?.records.length ?? 0);
    }
    return Promise.all(
      requests.map(async (request, index): Promise<BatchOutcome> => {
        const version = before[index] ?? 0;
        if (appended[index]) return { status: 'appended', version: version + request.records.length, position: positions[index] ?? 0n };
        if (verdictOf[index] === REFUSED)
          return answerRefused(request, version, (...query) => this.#run(...query), this.#statements.places);
        return { status: 'held' };
      }),
    );
  }

  async #append(batch: readonly SentAppend[], requests: readonly AppendRequest[], isRepeated = false): Promise<AppendRow> {
    if (!this.#positions.isTrusted) await this.#positions.verify((statement) => this.#run(statement, []));
    const started = performance.now();
    try {
      const { rows } = await this.#run(this.#statements.append, parametersOf(requests, this.#lockTimeoutMs));
      return rows[0] as AppendRow;
    } catch (error) {
      // The function waits under a timeout for the log alone. What it measured is lost with its answer.
      if (sqlState(error) === LOCK_TIMEOUT) tellOfLog(batch, (performance.now() - started) / 1_000, error);
      if (isRepeated || violated(error) !== 'events_position') throw error;
      this.#positions.distrust();
      return this.#append(batch, requests, true);
    }
  }

  async streamEnd({ aggregateType, aggregateId }: StreamId): Promise<StreamPosition> {
    const { rows } = await this.#run(this.#statements.streamEnd, [aggregateId, aggregateType]);
    const row = rows[0] as readonly [string, string] | undefined;
    return row === undefined ? { version: 0, position: 0n } : { version: Number(row[0]), position: BigInt(row[1]) };
  }

  #run(statement: Statement, values: readonly unknown[]): Promise<PostgresResult> {
    return this.#connection.query('appendEvents', statement, values);
  }
}

function tellOfLog(batch: readonly SentAppend[], seconds: number, error?: unknown): void {
  for (const { onWait } of batch) onWait?.({ waitedFor: 'log', seconds, error });
}

/** What became of an append that was refused: a repeated one, a clash of ids, or a conflict. */
export async function answerRefused(request: AppendRequest, actualVersion: number, run: Run, places: Statement): Promise<AppendOutcome> {
  const { rows } = await run(places, [arrayText(request.records.map(({ id }) => id))]);
  const found = new Map<string, EventPlace>();
  for (const [id, aggregateType, aggregateId, version, position] of rows as PlaceRow[]) {
    found.set(id, { stream: { aggregateType, aggregateId }, version: Number(version), position: BigInt(position) });
  }
  return resolveDuplicate(request, (id) => found.get(id), actualVersion);
}

function parametersOf(requests: readonly AppendRequest[], lockTimeoutMs: number): unknown[] {
  const records = requests.flatMap((request) => request.records);
  for (const { stream } of requests) {
    assertText(stream.aggregateType);
    assertText(stream.aggregateId);
  }
  return [
    arrayText(requests.map(({ stream }) => stream.aggregateType)),
    arrayText(requests.map(({ stream }) => stream.aggregateId)),
    arrayText(requests.map(({ expectedVersion }) => expectedNumber(expectedVersion))),
    lockTimeoutMs,
    arrayText(requests.flatMap((request, index) => request.records.map(() => index + 1))),
    arrayText(requests.flatMap((request) => request.records.map((_, index) => index + 1))),
    ...columnValues(records),
    dataArray(records),
  ];
}

/** Of what fails a whole statement, that which the values of one append can cause: bad or too long values, a clash outside of our locks. */
function mayBeOfOne(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined
    ? error instanceof Error && 'code' in error && error.code === 'ES_INVALID_ARGUMENT'
    : /^(22|23|54|21)/.test(state);
}

/** Reads `{1,2,3}`. */
function numbers(text: string): readonly number[] {
  return text.slice(1, -1).split(',').map(Number);
}
