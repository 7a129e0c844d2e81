import { type AggregateClass, AggregateRoot, type AnyEventDefinition, type DomainEvent } from '@es/core';
import { fingerprintOf } from './fingerprint.ts';

/** An aggregate of which nothing is known but its events. Its state is their fingerprints, oldest first. */
export type LoggedAggregate = AggregateRoot<readonly string[], AnyEventDefinition>;

/** The class of a log's aggregates, to be loaded by a repository. */
export function loggedAggregateClass(aggregateType: string, events: readonly AnyEventDefinition[]): AggregateClass<LoggedAggregate> {
  return class extends AggregateRoot<readonly string[], AnyEventDefinition> {
    static readonly aggregateType = aggregateType;
    static readonly events = events;

    protected initialState(): readonly string[] {
      return [];
    }

    protected apply(state: readonly string[], event: DomainEvent): readonly string[] {
      return [...state, fingerprintOf(event)];
    }
  };
}
