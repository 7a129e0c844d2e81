import { EventDefinitionError } from '../errors/event-definition-error.ts';
import type { StreamPosition } from '../event-store/event-storage.ts';
import type { DomainEvent, StoredEvent } from '../events/event.ts';
import type { AnyEventDefinition } from '../events/event-definition.ts';
import { EventRegistry } from '../events/event-registry.ts';
import type { COMMIT, REPLAY, RESTORE, STORED } from './aggregate-internals.ts';
import type { StateCodec } from './state-codec.ts';

/** Any aggregate, where the types of its state and events do not matter. */
export interface AnyAggregate {
  readonly id: string;
  readonly aggregateType: string;
  readonly version: number;
  readonly state: unknown;
  readonly pendingEvents: readonly DomainEvent[];
  /** @internal */
  readonly [STORED]: StreamPosition;
  /** @internal */
  [REPLAY](event: StoredEvent): void;
  /** @internal */
  [RESTORE](state: unknown, version: number): void;
  /** @internal */
  [COMMIT](events: readonly DomainEvent[], stored: StreamPosition): void;
}

/** The static side of an aggregate class. */
export interface AggregateStatics {
  /** Names the kind of aggregate in streams and telemetry. */
  readonly aggregateType: string;
  /** Definitions of all events of its streams, of the past too. */
  readonly events: readonly AnyEventDefinition[];
}

/** A class of aggregates, as a repository takes it. */
export interface AggregateClass<Aggregate> extends AggregateStatics {
  new (id: string): Aggregate;
  /** How its state becomes a snapshot; default: the state as it is, schema version 1. */
  readonly stateCodec?: StateCodec<StateOf<Aggregate>>;
}

/** The type of an aggregate's state. */
export type StateOf<Aggregate> = Aggregate extends { readonly state: infer State } ? State : never;

const registries = new WeakMap<object, EventRegistry>();

/**
 * The registry of an aggregate class.
 *
 * @throws EventDefinitionError when the class lacks its static `aggregateType` or `events`.
 */
export function registryOf(aggregateClass: AggregateStatics & { readonly name?: string }): EventRegistry {
  const known = registries.get(aggregateClass);
  if (known !== undefined) return known;
  const { name = 'an aggregate', aggregateType, events } = aggregateClass;
  if (typeof aggregateType !== 'string' || aggregateType === '') {
    throw new EventDefinitionError(
      `The class ${name} needs \`static readonly aggregateType = 'Task'\`, the name of its kind of aggregate.`,
    );
  }
  if (!Array.isArray(events)) {
    throw new EventDefinitionError(
      `The class ${name} needs \`static readonly events = [TaskCreated, …]\`, the definitions of all its events.`,
    );
  }
  const registry = new EventRegistry(events);
  registries.set(aggregateClass, registry);
  return registry;
}
