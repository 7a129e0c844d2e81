import { EventDataError } from '../errors/event-data-error.ts';
import { deepFreeze } from './deep-freeze.ts';
import type { AnyEventDefinition } from './event-definition.ts';
import { copyJson } from './json-copy.ts';
import { type SchemaVerdict, validateWith } from './schema.ts';
import { isJsonSafe } from './validated-data.ts';

const noData = Object.freeze({});

/**
 * Makes the data that an event carries out of what a caller handed over: validated, free of anything that JSON can't hold, deeply frozen, and
 * certain to be readable again.
 *
 * Where the schema changed the value (a default, a transformation, a date), its stored form is validated once more, because that is what a
 * reader will hand to the same schema later.
 *
 * @throws EventDataError when the value fails the schema, has no JSON form, or could be stored but not read back.
 */
export function acceptData(definition: AnyEventDefinition, input: unknown, eventId?: string): unknown {
  if (definition.schema === undefined) return acceptNoData(definition, input, eventId);
  const first = verdict(definition, validateWith(definition.schema, input), eventId);
  const copy = copyJson(first, input);
  if (copy.issues.length > 0) throw new EventDataError(definition.type, eventId, copy.issues);
  if (copy.same) return copy.value;
  const again = validateWith(definition.schema, copy.value);
  if (!again.ok) {
    throw new EventDataError(
      definition.type,
      eventId,
      again.issues.map((issue) => ({
        path: issue.path,
        message: `could be stored but not read back, as the schema refuses its own output after JSON (${issue.message})`,
      })),
    );
  }
  return deepFreeze(again.value);
}

/**
 * Makes the data of an event that is read: validated by the schema, deeply frozen.
 *
 * @param json - Freshly parsed data that nobody else holds.
 * @throws EventDataError when it fails the schema.
 */
export function readData(definition: AnyEventDefinition, json: unknown, eventId: string): unknown {
  if (definition.schema === undefined) return acceptNoData(definition, json, eventId);
  return deepFreeze(verdict(definition, validateWith(definition.schema, json), eventId));
}

/**
 * The data of an event as the JSON that is stored or sent.
 *
 * @throws EventDataError when no definition has made it and it has no JSON form.
 */
export function jsonDataOf(event: { readonly id: string; readonly type: string; readonly data: unknown }): unknown {
  if (isJsonSafe(event.data)) return event.data;
  const data = event.data === undefined ? {} : event.data;
  const { value, issues } = copyJson(data, data);
  if (issues.length > 0) throw new EventDataError(event.type, event.id, issues);
  return value;
}

function acceptNoData(definition: AnyEventDefinition, input: unknown, eventId: string | undefined): unknown {
  if (input === undefined || input === null || (typeof input === 'object' && Object.keys(input).length === 0)) return noData;
  throw new EventDataError(definition.type, eventId, [
    { path: '', message: 'this event is defined without a schema and so has no data; give its definition a schema' },
  ]);
}

function verdict(definition: AnyEventDefinition, result: SchemaVerdict, eventId: string | undefined): unknown {
  if (!result.ok) throw new EventDataError(definition.type, eventId, result.issues);
  return result.value;
}
