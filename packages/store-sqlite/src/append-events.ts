import {
  type AppendOutcome,
  type AppendRequest,
  type EventPlace,
  type EventRecord,
  meetsExpectedVersion,
  resolveDuplicate,
  type StreamId,
  type StreamPosition,
} from '@es/core';
import { insertEvents, isOneStatement } from './insert-events.ts';
import type { SqliteConnection } from './sqlite-connection.ts';
import { isUniqueViolation } from './sqlite-failure.ts';

/** Parameters: aggregate type and id. */
export const SELECT_STREAM_END = `
SELECT version, position FROM es_events INDEXED BY es_events_stream
WHERE aggregate_type = ? AND aggregate_id = ? ORDER BY version DESC LIMIT 1`;

/** Parameter: the event's id. */
export const SELECT_PLACE = 'SELECT aggregate_type, aggregate_id, version, position FROM es_events INDEXED BY es_events_id WHERE id = ?';

/** What becomes part of an append's transaction, after its events and before the commit. */
export type AppendHook = (records: readonly EventRecord[]) => void;

/**
 * Appends inside a transaction that holds the write lock, so that what it finds can't change under it. All or nothing: when it throws, nothing
 * of it is left in the transaction.
 */
export function appendEvents(connection: SqliteConnection, request: AppendRequest, hook: AppendHook | undefined): AppendOutcome {
  const { stream, expectedVersion, records } = request;
  const before = streamEnd(connection, stream).version;
  const answerDuplicate = (): AppendOutcome => resolveDuplicate(request, (id) => placeOf(connection, id), before);
  if (!meetsExpectedVersion(expectedVersion, before)) return answerDuplicate();
  try {
    const isAtomic = hook === undefined && isOneStatement(records);
    const insert = (): number => insertWithHook(connection, request, before, hook);
    const position = isAtomic ? insert() : connection.inSavepoint(insert);
    return { status: 'appended', version: before + records.length, position: BigInt(position) };
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const outcome = answerDuplicate();
    // Under the lock only an id can be taken; if none is, the violation was not ours (a hook's), or the file is damaged.
    if (outcome.status === 'conflict') throw error;
    return outcome;
  }
}

/** Where a stream stands; version and position 0 if it does not exist. */
export function streamEnd(connection: SqliteConnection, { aggregateType, aggregateId }: StreamId): StreamPosition {
  const row = connection.statement(SELECT_STREAM_END).get(aggregateType, aggregateId) as readonly [number, number] | undefined;
  return row === undefined ? { version: 0, position: 0n } : { version: row[0], position: BigInt(row[1]) };
}

function insertWithHook(connection: SqliteConnection, request: AppendRequest, before: number, hook: AppendHook | undefined): number {
  const recordedAt = new Date().toISOString();
  const { stream, records } = request;
  const position = insertEvents(connection, request, before, recordedAt);
  const first = position - records.length + 1;
  hook?.(
    records.map((record, index) => ({ ...record, ...stream, version: before + index + 1, position: BigInt(first + index), recordedAt })),
  );
  return position;
}

function placeOf(connection: SqliteConnection, id: string): EventPlace | undefined {
  const row = connection.statement(SELECT_PLACE).get(id) as readonly [string, string, number, number] | undefined;
  if (row === undefined) return undefined;
  const [aggregateType, aggregateId, version, position] = row;
  return { stream: { aggregateType, aggregateId }, version, position: BigInt(position) };
}
