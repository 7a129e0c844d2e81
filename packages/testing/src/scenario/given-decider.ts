import {
  type AnyEventDefinition,
  type Decider,
  type Decision,
  type DomainEvent,
  type DraftOf,
  type EventDraft,
  type EventOf,
  EventRegistry,
  uuidV7,
} from '@es/core';
import { isPromise } from './is-promise.ts';
import { storedHistory } from './scenario-events.ts';
import { type Result, ScenarioOutcome } from './scenario-outcome.ts';

/** What came of a command. */
export type DeciderOutcome<State, Definition extends AnyEventDefinition> = ScenarioOutcome<EventOf<Definition>, State>;

/** A decider with a history, about to get a command. */
export interface DeciderScenario<Command, State, Definition extends AnyEventDefinition> {
  /**
   * Decides a command.
   *
   * @throws TypeError when the decider decides asynchronously.
   */
  when(command: Command): DeciderOutcome<State, Definition>;
  /** Decides a command with a decider that decides asynchronously. */
  whenAsync(command: Command): Promise<DeciderOutcome<State, Definition>>;
}

/**
 * Begins a test of a decider, without a store: `givenDecider(taskDecider, [TaskCreated.create({ title })]).when({ do: 'complete' })`.
 *
 * @param history - Events that happened before, made with `create` of their definitions; default: none, a new aggregate.
 * @param options - `id`: the aggregate's id; default: a new UUID.
 */
export function givenDecider<Command, State, Definition extends AnyEventDefinition>(
  decider: Decider<Command, State, Definition>,
  history: readonly DraftOf<Definition>[] = [],
  { id = uuidV7() }: { readonly id?: string } = {},
): DeciderScenario<Command, State, Definition> {
  const registry = new EventRegistry(decider.events);
  const stream = { aggregateType: decider.type, aggregateId: id };
  const evolve = (before: State, events: readonly DomainEvent[]): State =>
    events.reduce((state, event) => decider.evolve(state, event as unknown as EventOf<Definition>), before);
  const past: readonly EventDraft[] = history;
  const state = evolve(decider.initialState(id), storedHistory(stream, past));
  const outcome = (result: Result<EventOf<Definition>, State>): DeciderOutcome<State, Definition> => new ScenarioOutcome(result);
  const after = (decision: Decision<Definition>): DeciderOutcome<State, Definition> => {
    const drafts: readonly EventDraft[] = decision === undefined ? [] : [decision].flat();
    for (const draft of drafts) registry.definitionOf(draft);
    const events = storedHistory(stream, [...past, ...drafts]).slice(past.length);
    return outcome({ events: events as unknown as readonly EventOf<Definition>[], state: evolve(state, events) });
  };
  return {
    when: (command) => {
      try {
        const decision = decider.decide(command, state);
        if (!isPromise(decision)) return after(decision);
        decision.then(undefined, () => undefined);
      } catch (error) {
        return outcome({ error });
      }
      throw new TypeError('The decider decides asynchronously; use `await givenDecider(…).whenAsync(…)`.');
    },
    whenAsync: async (command) => {
      try {
        return after(await decider.decide(command, state));
      } catch (error) {
        return outcome({ error });
      }
    },
  };
}
