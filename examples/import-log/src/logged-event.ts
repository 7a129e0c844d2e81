import { defineEvent, EventDataError, type EventDefinition, type EventDraft, type JsonObject } from '@es/core';
import { z } from 'zod';
import { BadLineError } from './bad-line-error.ts';
import { eventIdOf } from './event-id.ts';
import { roundedNumber } from './exact-numbers.ts';
import type { Line } from './line-reader.ts';
import type { LogFormat } from './log-format.ts';

/** What a line of a log says: something that happened to an aggregate. */
export interface LoggedEvent {
  readonly line: number;
  readonly aggregateId: string;
  /** Its data is the whole line, so that nothing of the log is lost whatever is mapped; its metadata says where it stood. */
  readonly event: EventDraft<string, JsonObject>;
}

const anyObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);
const definitions = new Map<string, EventDefinition<string, typeof anyObject>>();

/** The definition of a type of event that is known only from a log: any object is its data. */
export function loggedEventDefinition(type: string): EventDefinition<string, typeof anyObject> {
  const known = definitions.get(type);
  if (known !== undefined) return known;
  const definition = defineEvent(type, { schema: anyObject });
  definitions.set(type, definition);
  return definition;
}

/**
 * Reads a line as an event.
 *
 * @throws BadLineError with the line and the field at fault.
 */
export function parseLine({ number, text }: Line, logName: string, format: LogFormat): LoggedEvent {
  const data = objectOf(number, text);
  const aggregateId = idOf(number, format.idField, data[format.idField]);
  const type = typeOf(number, format.typeField, data[format.typeField]);
  const occurredAt = timeOf(number, format.timeField, data[format.timeField]);
  const id = eventIdOf(logName, number, text);
  try {
    const event = loggedEventDefinition(type).create(data, { id, occurredAt, metadata: { log: logName, line: number } });
    return { line: number, aggregateId, event };
  } catch (error) {
    if (!(error instanceof EventDataError)) throw error;
    throw new BadLineError(number, error.issues[0]?.path, error.issues[0]?.message ?? error.message, { cause: error });
  }
}

function objectOf(line: number, text: string): JsonObject {
  const rounded = roundedNumber(text);
  if (rounded !== undefined)
    throw new BadLineError(line, undefined, `the number ${rounded} has more digits than JavaScript keeps; write it as a string.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BadLineError(line, undefined, `it is not JSON (${cause instanceof Error ? cause.message : String(cause)}).`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new BadLineError(line, undefined, 'it is JSON, but not an object.');
}

function idOf(line: number, field: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  if (Number.isSafeInteger(value)) return String(value);
  throw new BadLineError(line, field, `the aggregate's id must be a non-empty string or a whole number; ${found(value)}.`);
}

function typeOf(line: number, field: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  throw new BadLineError(line, field, `the event's type must be a non-empty string; ${found(value)}.`);
}

const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/u;

function timeOf(line: number, field: string, value: unknown): string {
  if (typeof value === 'string' && isoTime.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw new BadLineError(line, field, `the time must be ISO 8601 with an offset, such as 2025-03-01T08:30:00+01:00; ${found(value)}.`);
}

function found(value: unknown): string {
  return value === undefined ? 'it is missing' : `it is ${JSON.stringify(value)}`;
}
