import type { JsonObject } from './json.ts';

/**
 * Something that happened to an aggregate: a plain, deeply frozen object.
 *
 * `data` is what the event's definition says; all else is the envelope. Ids are strings, times ISO 8601 in UTC with milliseconds.
 */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  /** Unique in the store; a UUIDv7 unless the caller chose otherwise. Appending the same id again is a retry, not a second event. */
  readonly id: string;
  /** Name of the definition, such as `TaskCreated`. */
  readonly type: Type;
  /** Version of the schema of `data`, from 1. */
  readonly schemaVersion: number;
  /** When it happened. */
  readonly occurredAt: string;
  readonly aggregateType: string;
  readonly aggregateId: string;
  /** Number of the event in its stream, from 1. */
  readonly version: number;
  readonly data: Data;
  /** Names the whole conversation that led here; handed on from message to message. */
  readonly correlationId: string;
  /** Id of the message that caused this event; the correlation id where nothing did. */
  readonly causationId: string;
  /** Who acted. */
  readonly actorId?: string;
  /** For whom the data is kept, in a system of several tenants. */
  readonly tenantId?: string;
  /** Free-form, for the application. */
  readonly metadata: JsonObject;
  /** Words by which `readAll` can filter. */
  readonly tags?: readonly string[];
  /** W3C trace context of the span that appended the event; written once and never changed. */
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** An event as a store gives it back. */
export interface StoredEvent<Type extends string = string, Data = unknown> extends DomainEvent<Type, Data> {
  /** Place in the store's global order, from 1; later events have greater positions, gaps are possible. */
  readonly position: bigint;
  /** When the store recorded it. */
  readonly recordedAt: string;
}

/** An event that has been made and validated but belongs to no aggregate yet. */
export interface EventDraft<Type extends string = string, Data = unknown> {
  readonly id: string;
  readonly type: Type;
  readonly schemaVersion: number;
  readonly occurredAt: string;
  readonly data: Data;
  readonly metadata: JsonObject;
  readonly tags?: readonly string[];
}

/**
 * An event to append: a draft is enough, since the store fills in the stream's id and type, the version, and what the message context hands
 * on. A version that is given is checked where the expected version is exact, and replaced where it is not.
 */
export type EventToAppend<Type extends string = string, Data = unknown> = EventDraft<Type, Data> &
  Partial<Omit<DomainEvent<Type, Data>, keyof EventDraft>>;
