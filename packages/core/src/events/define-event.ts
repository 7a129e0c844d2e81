import type { StandardSchemaV1 } from '@standard-schema/spec';
import { EventDefinitionError } from '../errors/event-definition-error.ts';
import { draftEvent } from './draft-event.ts';
import type { DomainEvent, EventDraft } from './event.ts';
import type { DraftArguments, EventDefinition, SchemaOutput, UpcastStep } from './event-definition.ts';

/** How an event is defined. */
export interface DefineEventOptions<Schema extends StandardSchemaV1 | undefined> {
  /** Schema of the data by Standard Schema 1; must validate synchronously and accept what it returned, once that has been through JSON. Without one the event has no data. */
  readonly schema?: Schema;
  /** Version of the schema, a whole number from 1; default 1. */
  readonly schemaVersion?: number;
  /** For each earlier version still stored, the step that leads from it to the next. All versions from the earliest one on need theirs. */
  readonly upcast?: Readonly<Record<number, UpcastStep>>;
}

/**
 * Defines a type of event.
 *
 * @param type - Its name, unique within every registry that it joins; it is stored with each event.
 * @returns a frozen definition, to be listed in the `events` of aggregates, deciders, stores and projections.
 * @throws EventDefinitionError when the name is empty, the version is not a whole number from 1, or a step is missing or superfluous.
 */
export function defineEvent<const Type extends string, Schema extends StandardSchemaV1 | undefined = undefined>(
  type: Type,
  options: DefineEventOptions<Schema> = {},
): EventDefinition<Type, Schema> {
  if (typeof type !== 'string' || type.trim() === '')
    throw new EventDefinitionError('defineEvent needs a non-empty type, such as defineEvent("TaskCreated").');
  const schemaVersion = options.schemaVersion ?? 1;
  if (!Number.isSafeInteger(schemaVersion) || schemaVersion < 1) {
    throw new EventDefinitionError(
      `defineEvent(${JSON.stringify(type)}) needs a schemaVersion that is a whole number from 1; it got ${schemaVersion}.`,
    );
  }
  const upcast = new Map(Object.entries(options.upcast ?? {}).map(([version, step]) => [Number(version), step]));
  assertSteps(type, schemaVersion, upcast);
  const definition: EventDefinition<Type, Schema> = {
    type,
    schemaVersion,
    schema: options.schema as Schema,
    upcast,
    create: (...args: DraftArguments<Schema>): EventDraft<Type, SchemaOutput<Schema>> =>
      draftEvent(definition, args[0], args[1]) as EventDraft<Type, SchemaOutput<Schema>>,
    is: (event: DomainEvent): event is DomainEvent<Type, SchemaOutput<Schema>> => event.type === type,
  };
  return Object.freeze(definition);
}

function assertSteps(type: string, schemaVersion: number, upcast: ReadonlyMap<number, UpcastStep>): void {
  const versions = [...upcast.keys()].sort((a, b) => a - b);
  const first = versions[0];
  if (first === undefined) return;
  for (let version = first; version < schemaVersion; version += 1) {
    if (!upcast.has(version))
      throw new EventDefinitionError(
        `defineEvent(${JSON.stringify(type)}) has no upcast step from schema version ${version} to ${version + 1}.`,
      );
  }
  const last = versions.at(-1) ?? first;
  if (!Number.isSafeInteger(first) || first < 1 || last >= schemaVersion) {
    throw new EventDefinitionError(
      `defineEvent(${JSON.stringify(type)}) has upcast steps from ${versions.join(', ')}, but its schemaVersion is ${schemaVersion}: steps lead from version 1 to ${schemaVersion - 1}. Raise schemaVersion, or drop the step.`,
    );
  }
}
