import { type AnyEventDefinition, EventRegistry, InvalidArgumentError } from '@es/core';
import type { ProjectionHandler } from './projection-handler.ts';

/** The handlers of one projection by the types of their events. */
export class HandlerTable {
  readonly handlers: readonly ProjectionHandler[];
  /** The definitions of all events that are handled, each once. */
  readonly definitions: readonly AnyEventDefinition[];
  readonly registry: EventRegistry;
  readonly #byType: ReadonlyMap<string, readonly ProjectionHandler[]>;

  /** @throws InvalidArgumentError when there is no handler, or two have one name; EventDefinitionError when two definitions share a type. */
  constructor(projection: string, handlers: readonly ProjectionHandler[]) {
    assertNames(projection, handlers);
    this.handlers = Object.freeze([...handlers]);
    this.definitions = Object.freeze([...new Set(handlers.flatMap(({ definitions }) => definitions))]);
    this.registry = new EventRegistry(this.definitions);
    this.#byType = new Map(
      this.definitions.map((definition) => [definition.type, handlers.filter(({ definitions }) => definitions.includes(definition))]),
    );
  }

  /** Those for a type, in the order of their declaration; none for one that is not handled. */
  of(type: string): readonly ProjectionHandler[] {
    return this.#byType.get(type) ?? [];
  }
}

function assertNames(projection: string, handlers: readonly ProjectionHandler[]): void {
  if (!Array.isArray(handlers) || handlers.length === 0) {
    throw new InvalidArgumentError(
      `Projection ${projection} has no handlers. Declare them as a list: handlers = [on(TaskCreated, (event) => …)].`,
    );
  }
  const names = handlers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new InvalidArgumentError(
      `Projection ${projection} has two handlers named ${JSON.stringify(twice)}. Name one of them: on(…, handler, { name }).`,
    );
  }
}
