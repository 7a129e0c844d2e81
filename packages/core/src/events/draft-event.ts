import { InvalidArgumentError } from '../errors/argument-error.ts';
import { EventDataError } from '../errors/event-data-error.ts';
import { identifierRule, isIdentifier } from '../identifier.ts';
import type { EventDraft } from './event.ts';
import { acceptData } from './event-data.ts';
import type { AnyEventDefinition, EventDraftOptions } from './event-definition.ts';
import type { JsonObject } from './json.ts';
import { copyJson } from './json-copy.ts';
import { timeText } from './time-text.ts';
import { uuidV7 } from './uuid-v7.ts';
import { markValidated } from './validated-data.ts';

/** Metadata of events that were given none. */
export const noMetadata: JsonObject = Object.freeze({});

/**
 * Makes an event of a definition that belongs to no aggregate yet.
 *
 * @throws EventDataError when the data is not valid; InvalidArgumentError when the id, the time or a tag is not.
 */
export function draftEvent(definition: AnyEventDefinition, data: unknown, options: EventDraftOptions = {}): EventDraft {
  const id = options.id ?? uuidV7();
  if (typeof id !== 'string' || id === '')
    throw new InvalidArgumentError(`The id of a new ${definition.type} event must be a non-empty string.`);
  const draft: EventDraft = {
    id,
    type: definition.type,
    schemaVersion: definition.schemaVersion,
    occurredAt: timeText(options.occurredAt, definition.type),
    data: acceptData(definition, data, id),
    metadata: options.metadata === undefined ? noMetadata : acceptMetadata(definition.type, id, options.metadata),
    ...(options.tags !== undefined && options.tags.length > 0 ? { tags: acceptTags(options.tags, definition.type) } : {}),
  };
  markValidated(draft.data, definition);
  return Object.freeze(draft);
}

/** A frozen JSON copy of metadata. */
export function acceptMetadata(type: string, eventId: string, metadata: JsonObject): JsonObject {
  const { value, issues } = copyJson(metadata, metadata);
  const wrongs =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? issues : [{ path: '', message: 'must be an object' }];
  if (wrongs.length > 0)
    throw new EventDataError(
      type,
      eventId,
      wrongs.map((issue) => ({ ...issue, path: issue.path === '' ? 'metadata' : `metadata.${issue.path}` })),
    );
  return value as JsonObject;
}

/** A frozen copy of tags without doubles. */
export function acceptTags(tags: readonly string[], type: string): readonly string[] {
  for (const tag of tags) {
    if (!isIdentifier(tag))
      throw new InvalidArgumentError(`Each tag of a ${type} event must be ${identifierRule}; one is ${JSON.stringify(tag)}.`);
  }
  return Object.freeze([...new Set(tags)]);
}
