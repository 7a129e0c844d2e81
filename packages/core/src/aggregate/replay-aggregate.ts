import type { StoredEvent } from '../events/event.ts';
import { type AggregateClass, type AnyAggregate, registryOf } from './aggregate-class.ts';
import { REPLAY } from './aggregate-internals.ts';

/**
 * Rebuilds an aggregate from events that are at hand, without a store: for tests and tools.
 *
 * @param events - The beginning of the aggregate's stream, decoded, in the order of their versions.
 * @throws UnknownEventTypeError when one of them is not in the class's `events`.
 */
export function replayAggregate<Aggregate extends AnyAggregate>(
  aggregateClass: AggregateClass<Aggregate>,
  id: string,
  events: Iterable<StoredEvent>,
): Aggregate {
  const registry = registryOf(aggregateClass);
  const aggregate = new aggregateClass(id);
  for (const event of events) {
    registry.definitionOf(event);
    aggregate[REPLAY](event);
  }
  return aggregate;
}
