import { type AnyEventDefinition, type DomainEvent, type EventOf, InvalidArgumentError } from '@es/core';

/** What a projection's handler learns beside its event. */
export interface ProjectionContext {
  /** How often the projection has been given this event, this time included, as far as its feed knows; from 1. */
  readonly attempt: number;
  /** The event's place in the store's global order; absent where it came over a bus. */
  readonly position: bigint | undefined;
  /** Aborted when there is no more time. */
  readonly signal: AbortSignal;
}

/** A handler of a projection and the events that it is for. Made by {@link on}. */
export interface ProjectionHandler {
  /** Names the handler in spans, metrics and errors. */
  readonly name: string;
  readonly definitions: readonly AnyEventDefinition[];
  /** Gets events of these definitions alone. */
  readonly handle: (event: DomainEvent, context: ProjectionContext) => unknown;
}

/** How a handler is declared. */
export interface OnOptions {
  /** Unique in its projection; default: the types of its events. */
  readonly name?: string;
}

/**
 * Declares what a projection does about events of one definition or several; they arrive decoded and typed by it.
 *
 * @param handle - May be called more than once for an event, and must bear that.
 * @throws InvalidArgumentError when there is no definition or no function.
 */
export function on<const Definition extends AnyEventDefinition>(
  definitions: Definition | readonly Definition[],
  handle: (event: EventOf<Definition>, context: ProjectionContext) => unknown,
  options: OnOptions = {},
): ProjectionHandler {
  const list: readonly AnyEventDefinition[] = Array.isArray(definitions) ? definitions : [definitions];
  if (list.length === 0 || list.some((definition) => typeof definition?.type !== 'string')) {
    throw new InvalidArgumentError(
      'on() needs one or more of what defineEvent() returns; it got something else (an import cycle may leave a definition undefined).',
    );
  }
  if (typeof handle !== 'function') throw new InvalidArgumentError('on() needs a function as its second argument.');
  const name = options.name ?? list.map(({ type }) => type).join(', ');
  return Object.freeze({ name, definitions: Object.freeze([...list]), handle: handle as ProjectionHandler['handle'] });
}
