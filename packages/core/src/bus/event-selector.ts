import { InvalidArgumentError } from '../errors/argument-error.ts';
import type { AnyEventDefinition } from '../events/event-definition.ts';

/** Stands for events of every type in `subscribe`. */
export const ALL_EVENTS: unique symbol = Symbol.for('@es/core.all-events');

/** Events chosen without their definitions: by type, or all. Their data is typed `unknown`. */
export type EventTypeSelector = typeof ALL_EVENTS | string | readonly string[];

/** Which events a handler wants. */
export interface EventSelection {
  /** `undefined`: all. */
  readonly types: ReadonlySet<string> | undefined;
  /** The definitions that were named. */
  readonly definitions: readonly AnyEventDefinition[];
}

/**
 * Reads what a caller of `subscribe` wants.
 *
 * @throws InvalidArgumentError when it is neither definitions nor types nor {@link ALL_EVENTS}, or an empty list.
 */
export function selectEvents(selector: AnyEventDefinition | readonly AnyEventDefinition[] | EventTypeSelector): EventSelection {
  if (selector === ALL_EVENTS) return { types: undefined, definitions: [] };
  const items: readonly (AnyEventDefinition | string)[] = Array.isArray(selector) ? selector : [selector];
  const types = new Set(items.map(typeOf));
  if (types.size === 0) {
    throw new InvalidArgumentError(
      'subscribe got an empty list of events, so that its handler would never run; use ALL_EVENTS for every event.',
    );
  }
  return { types, definitions: items.filter((item) => typeof item !== 'string') };
}

function typeOf(item: AnyEventDefinition | string): string {
  const type: unknown = typeof item === 'string' ? item : item?.type;
  if (typeof type !== 'string' || type === '') {
    throw new InvalidArgumentError(
      'subscribe needs what defineEvent() returns, an event type, a list of either, or ALL_EVENTS; it got something else (an import cycle may leave a definition undefined).',
    );
  }
  return type;
}
