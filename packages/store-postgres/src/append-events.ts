import { type AppendOutcome, type AppendRequest, type EventPlace, resolveDuplicate, type StreamId, type StreamPosition } from '@es/core';
import { type AppendAnswer, toAnswer } from './append-answer.ts';
import { APPENDED, arrayText, REFUSED, valuesOf, valuesOfOne } from './append-batch.ts';
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
export function appendStatements({ schema }: SqlNames): Record<'append' | 'appendOne' | 'streamEnd' | 'places', Statement> {
  const call = (name: string, parameters: number): string =>
    `SELECT ${schema}.${name}(${Array.from({ length: parameters }, (_, index) => `$${index + 1}`).join(', ')})`;
  return {
    append: { name: 'es_append', text: call('append_events', 6 + EVENT_PARAMETERS.length + 1) },
    appendOne: { name: 'es_append_one', text: call('append_event', 4 + EVENT_PARAMETERS.length + 1) },
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
    const [first] = batch;
    if (first !== undefined && batch.length === 1) return [await this.#sendAlone(first)];
    try {
      return await this.#sendTogether(batch);
    } catch (error) {
      if (!mayBeOfOne(error)) throw error;
    }
    const outcomes: BatchOutcome[] = [];
    for (const sent of batch) {
      outcomes.push(await this.#sendAlone(sent).catch((error: unknown) => ({ status: 'failed', error }) as const));
    }
    return outcomes;
  }

  async #sendAlone(sent: SentAppend): Promise<BatchOutcome> {
    try {
      const [outcome = { status: 'held' }] = await this.#sendTogether([sent]);
      return outcome;
    } catch (error) {
      if (violated(error) !== 'events_id') throw error;
      // The expectation was met, but an id stands elsewhere.
      const outcome = await this.#answerRefused(sent.request, 0);
      if (outcome.status === 'conflict') throw error;
      return outcome;
    }
  }

  async #sendTogether(batch: readonly SentAppend[]): Promise<readonly BatchOutcome[]> {
    const requests = batch.map(({ request }) => request);
    const { isHeard, last, waited, verdicts, versions } = await this.#append(batch, requests);
    if (waited > 0) tellOfLog(batch, waited);
    if (last > 0n) this.#onAppended(isHeard);
    // Positions were given out in the order of the appends, without gaps: the last is known, the others are counted back from it.
    let position = last;
    const appended = requests.map((_, index) => verdicts[index] === APPENDED);
    const positions: bigint[] = [];
    for (let index = requests.length - 1; index >= 0; index -= 1) {
      positions[index] = position;
      if (appended[index]) position -= BigInt(requests[index]?.records.length ?? 0);
    }
    return Promise.all(
      requests.map(async (request, index): Promise<BatchOutcome> => {
        const version = versions[index] ?? 0;
        if (appended[index]) return { status: 'appended', version: version + request.records.length, position: positions[index] ?? 0n };
        return verdicts[index] === REFUSED ? this.#answerRefused(request, version) : { status: 'held' };
      }),
    );
  }

  async #append(batch: readonly SentAppend[], requests: readonly AppendRequest[], isRepeated = false): Promise<AppendAnswer> {
    if (!this.#positions.isTrusted) await this.#positions.verify((statement) => this.#run(statement, []));
    const started = performance.now();
    try {
      return await this.#callAppend(requests);
    } catch (error) {
      // The function waits under a timeout for the log alone. What it measured is lost with its answer.
      if (sqlState(error) === LOCK_TIMEOUT) tellOfLog(batch, (performance.now() - started) / 1_000, error);
      if (isRepeated || violated(error) !== 'events_position') throw error;
      this.#positions.distrust();
      return this.#append(batch, requests, true);
    }
  }

  async #callAppend(requests: readonly AppendRequest[]): Promise<AppendAnswer> {
    const [request] = requests;
    const [record, second] = request?.records ?? [];
    const isOne = requests.length === 1 && request !== undefined && record !== undefined && second === undefined;
    const { rows } = isOne
      ? await this.#run(this.#statements.appendOne, valuesOfOne(request, record, this.#lockTimeoutMs))
      : await this.#run(this.#statements.append, valuesOf(requests, this.#lockTimeoutMs));
    return toAnswer(rows[0] as readonly [string], requests.length);
  }

  #answerRefused(request: AppendRequest, actualVersion: number): Promise<AppendOutcome> {
    return answerRefused(request, actualVersion, (...query) => this.#run(...query), this.#statements.places);
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

/** Of what fails a whole statement, that which the values of one append can cause: bad or too long values, a clash outside of our locks. */
function mayBeOfOne(error: unknown): boolean {
  const state = sqlState(error);
  return state === undefined
    ? error instanceof Error && 'code' in error && error.code === 'ES_INVALID_ARGUMENT'
    : /^(22|23|54|21)/.test(state);
}
