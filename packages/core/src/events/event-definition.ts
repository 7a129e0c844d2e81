import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { DomainEvent, EventDraft, StoredEvent } from './event.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Data of an event whose definition has no schema: nothing. */
export type NoData = Readonly<Record<string, never>>;

/** What the caller may choose of a new event beside its data. */
export interface EventDraftOptions {
  /** Default: a new UUIDv7. */
  readonly id?: string;
  /** When it happened, as a date or ISO 8601 text; default: now. */
  readonly occurredAt?: Date | string;
  readonly metadata?: JsonObject;
  readonly tags?: readonly string[];
}

/** The data that events carry for a schema, if any: its output type. */
export type SchemaOutput<Schema extends StandardSchemaV1 | undefined> = Schema extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Schema>
  : NoData;

/** Arguments after the definition when an event is made: the data is left out where there is none. */
export type DraftArguments<Schema extends StandardSchemaV1 | undefined> = Schema extends StandardSchemaV1
  ? [data: StandardSchemaV1.InferInput<Schema>, options?: EventDraftOptions]
  : [data?: NoData, options?: EventDraftOptions];

/** Brings data from one schema version to the next. It gets the stored JSON and must not change it. */
export type UpcastStep = (data: JsonValue, event: { readonly id: string; readonly type: string; readonly metadata: JsonObject }) => unknown;

/** A type of event: its name, the schema of its data, and how older data is read. Made by `defineEvent`. */
export interface EventDefinition<Type extends string = string, Schema extends StandardSchemaV1 | undefined = StandardSchemaV1 | undefined> {
  readonly type: Type;
  /** Version of the schema with which new events are written, from 1. */
  readonly schemaVersion: number;
  readonly schema: Schema;
  /** Steps by the version from which they lead to the next. */
  readonly upcast: ReadonlyMap<number, UpcastStep>;
  /**
   * Makes an event that belongs to no aggregate yet.
   *
   * @throws EventDataError when the data fails the schema or can't be stored as JSON and read back.
   */
  create(...args: DraftArguments<Schema>): EventDraft<Type, SchemaOutput<Schema>>;
  /** Tells whether an event is of this type, and narrows it. */
  is(event: DomainEvent): event is DomainEvent<Type, SchemaOutput<Schema>>;
}

/** Any definition, where the types of its data do not matter. */
export interface AnyEventDefinition {
  readonly type: string;
  readonly schemaVersion: number;
  readonly schema: StandardSchemaV1 | undefined;
  readonly upcast: ReadonlyMap<number, UpcastStep>;
}

/** The events that a definition, or a union of definitions, describes. */
export type EventOf<Definition extends AnyEventDefinition> =
  Definition extends EventDefinition<infer Type, infer Schema> ? DomainEvent<Type, SchemaOutput<Schema>> : never;

/** The same events as a store gives them back. */
export type StoredEventOf<Definition extends AnyEventDefinition> =
  Definition extends EventDefinition<infer Type, infer Schema> ? StoredEvent<Type, SchemaOutput<Schema>> : never;

/** The drafts that a definition, or a union of definitions, makes. */
export type DraftOf<Definition extends AnyEventDefinition> =
  Definition extends EventDefinition<infer Type, infer Schema> ? EventDraft<Type, SchemaOutput<Schema>> : never;
