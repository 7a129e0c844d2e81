import { EventDefinitionError } from '../errors/event-definition-error.ts';
import type { AnyEventDefinition, DraftOf, EventOf } from '../events/event-definition.ts';
import { EventRegistry } from '../events/event-registry.ts';
import type { StateCodec } from './state-codec.ts';

/** What a decider answers to a command: no event, one, or several, made with their definition's `create`. */
export type Decision<Definition extends AnyEventDefinition> = DraftOf<Definition> | readonly DraftOf<Definition>[] | undefined;

/** An aggregate as functions: what happens on a command, and what an event makes of the state. After Jérémie Chassaing, "Functional Event Sourcing Decider". */
export interface Decider<Command, State, Definition extends AnyEventDefinition> {
  /** Names the kind of aggregate in streams and telemetry. */
  readonly type: string;
  /** Definitions of all events of its streams, of the past too. */
  readonly events: readonly Definition[];
  /** The state before the first event. */
  readonly initialState: (id: string) => State;
  /** Decides without effects, as it runs again after a conflict; throws to refuse. */
  readonly decide: (command: Command, state: State) => Decision<Definition> | Promise<Decision<Definition>>;
  /** The state after an event, without effects. */
  readonly evolve: (state: State, event: EventOf<Definition>) => State;
  /** How the state becomes a snapshot; default: as it is, schema version 1. */
  readonly stateCodec?: StateCodec<State>;
}

/**
 * Defines an aggregate in the functional style; the types of its commands, state and events are inferred.
 *
 * @returns the same decider, frozen.
 * @throws EventDefinitionError when the type is empty or two of the definitions share a type.
 */
export function defineDecider<Command, State, const Definition extends AnyEventDefinition>(
  decider: Decider<Command, State, Definition>,
): Decider<Command, State, Definition> {
  if (typeof decider.type !== 'string' || decider.type === '')
    throw new EventDefinitionError("defineDecider needs a non-empty `type`, such as 'Task'.");
  new EventRegistry(decider.events);
  return Object.freeze({ ...decider });
}
