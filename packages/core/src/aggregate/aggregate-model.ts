import type { DomainEvent, StoredEvent } from '../events/event.ts';
import type { EventRegistry } from '../events/event-registry.ts';
import type { JsonValue } from '../events/json.ts';

/** What the path to the store must know of an aggregate, be it a class or a decider. `Root` is the instance, or the bare state. */
export interface AggregateModel<Root> {
  readonly type: string;
  readonly registry: EventRegistry;
  readonly stateSchemaVersion: number;
  create(id: string): Root;
  replay(root: Root, event: StoredEvent): Root;
  toSnapshot(root: Root): JsonValue;
  fromSnapshot(id: string, state: JsonValue, version: number): Root;
}

/** An aggregate as it was loaded. */
export interface Loaded<Root> {
  readonly root: Root;
  /** 0 when it has no events. */
  readonly version: number;
  readonly position: bigint;
}

/** What is to be saved of an aggregate. */
export interface Unsaved<Root> {
  readonly id: string;
  /** The aggregate after the events. */
  readonly root: Root;
  /** Where the stream stood before them; 0 when it did not exist. */
  readonly storedVersion: number;
  readonly events: readonly DomainEvent[];
}
