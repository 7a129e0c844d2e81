import { type AggregateClass, type AnyAggregate, replayAggregate, uuidV7 } from '@es/core';
import { isPromise } from './is-promise.ts';
import { type DraftFor, storedHistory } from './scenario-events.ts';
import { type Result, ScenarioOutcome } from './scenario-outcome.ts';

type EventsOf<Aggregate extends AnyAggregate> = Aggregate['pendingEvents'][number];

/** What came of an action on an aggregate. */
export type AggregateOutcome<Aggregate extends AnyAggregate> = ScenarioOutcome<EventsOf<Aggregate>, Aggregate['state']>;

/** An aggregate with a history, to which something is about to be done. */
export interface AggregateScenario<Aggregate extends AnyAggregate> {
  /**
   * Does something to the aggregate.
   *
   * @throws TypeError when it is asynchronous.
   */
  when(action: (aggregate: Aggregate) => unknown): AggregateOutcome<Aggregate>;
  /** Does something asynchronous to the aggregate. */
  whenAsync(action: (aggregate: Aggregate) => Promise<unknown>): Promise<AggregateOutcome<Aggregate>>;
}

/**
 * Begins a test of an aggregate class, without a store: `givenAggregate(Task, [TaskCreated.create({ title })]).when((task) =>
 * task.complete())`.
 *
 * @param history - Events that happened before, made with `create` of their definitions; default: none, a new aggregate.
 * @param options - `id`: the aggregate's id; default: a new UUID.
 */
export function givenAggregate<Aggregate extends AnyAggregate>(
  aggregateClass: AggregateClass<Aggregate>,
  history: readonly DraftFor<EventsOf<Aggregate>>[] = [],
  { id = uuidV7() }: { readonly id?: string } = {},
): AggregateScenario<Aggregate> {
  const stream = { aggregateType: aggregateClass.aggregateType, aggregateId: id };
  const rebuild = (): Aggregate => replayAggregate(aggregateClass, id, storedHistory(stream, history));
  const outcome = (result: Result<EventsOf<Aggregate>, Aggregate['state']>): AggregateOutcome<Aggregate> => new ScenarioOutcome(result);
  const after = (aggregate: Aggregate): AggregateOutcome<Aggregate> => outcome({ events: aggregate.pendingEvents, state: aggregate.state });
  return {
    when: (action) => {
      const aggregate = rebuild();
      try {
        const returned = action(aggregate);
        if (!isPromise(returned)) return after(aggregate);
        returned.then(undefined, () => undefined);
      } catch (error) {
        return outcome({ error });
      }
      throw new TypeError('The action returned a promise; use `await givenAggregate(…).whenAsync(…)`.');
    },
    whenAsync: async (action) => {
      const aggregate = rebuild();
      try {
        await action(aggregate);
      } catch (error) {
        return outcome({ error });
      }
      return after(aggregate);
    },
  };
}
