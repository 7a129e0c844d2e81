import {
  type AppendOutcome,
  type AppendRequest,
  type EventPlace,
  type EventRecord,
  meetsExpectedVersion,
  type NewEventRecord,
  resolveDuplicate,
  type StreamId,
  type StreamPosition,
} from '@es/core';
import { insertEvents } from './insert-events.ts';
import type { SqliteConnection } from './sqlite-connection.ts';

/*
 * Wherever a parameter is compared for equality or limits the rows, it is written `+?`: a bare `?` there makes SQLite plan the statement anew at
 * each execution (better-sqlite3 clears the bindings every time), which costs several times what the statement itself does.
 */

/** Parameters: aggregate type and id. */
export const SELECT_STREAM_END = `
SELECT version, position FROM es_events INDEXED BY es_events_stream
WHERE aggregate_type = +? AND aggregate_id = +? ORDER BY version DESC LIMIT 1`;

/** Parameter: the event's id. */
export const SELECT_PLACE = 'SELECT aggregate_type, aggregate_id, version, position FROM es_events INDEXED BY es_events_id WHERE id = +?';

/** Parameter: event ids as a JSON array. */
export const SELECT_ANY_TAKEN = `
SELECT 1 FROM json_each(?) AS wanted CROSS JOIN es_events AS event INDEXED BY es_events_id ON event.id = wanted.value LIMIT 1`;

/** What becomes part of an append's transaction, after its events and before the commit. */
export type AppendHook = (records: readonly EventRecord[]) => void;

/** Appends inside a transaction that holds the write lock, so that what it finds can't change under it. */
export function appendEvents(connection: SqliteConnection, request: AppendRequest, hook: AppendHook | undefined): AppendOutcome {
  const { stream, expectedVersion, records } = request;
  const before = streamEnd(connection, stream).version;
  if (!meetsExpectedVersion(expectedVersion, before) || isAnyTaken(connection, records)) {
    return resolveDuplicate(request, (id) => placeOf(connection, id), before);
  }
  const recordedAt = new Date().toISOString();
  const position = insertEvents(connection, request, before, recordedAt);
  if (hook !== undefined) {
    const beforeFirst = position - records.length;
    hook(
      records.map((record, i) => ({ ...record, ...stream, version: before + i + 1, position: BigInt(beforeFirst + i + 1), recordedAt })),
    );
  }
  return { status: 'appended', version: before + records.length, position: BigInt(position) };
}

/** Where a stream stands; version and position 0 if it does not exist. */
export function streamEnd(connection: SqliteConnection, { aggregateType, aggregateId }: StreamId): StreamPosition {
  const row = connection.statement(SELECT_STREAM_END).get(aggregateType, aggregateId) as readonly [number, number] | undefined;
  return row === undefined ? { version: 0, position: 0n } : { version: row[0], position: BigInt(row[1]) };
}

/** Asked beforehand rather than learnt from a failed insert, which would leave half an append to be undone. */
function isAnyTaken(connection: SqliteConnection, records: readonly NewEventRecord[]): boolean {
  return connection.statement(SELECT_ANY_TAKEN).get(JSON.stringify(records.map(({ id }) => id))) !== undefined;
}

function placeOf(connection: SqliteConnection, id: string): EventPlace | undefined {
  const row = connection.statement(SELECT_PLACE).get(id) as readonly [string, string, number, number] | undefined;
  if (row === undefined) return undefined;
  const [aggregateType, aggregateId, version, position] = row;
  return { stream: { aggregateType, aggregateId }, version, position: BigInt(position) };
}
