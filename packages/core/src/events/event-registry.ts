import { EventDefinitionError } from '../errors/event-definition-error.ts';
import { UnknownEventTypeError } from '../errors/unknown-event-type-error.ts';
import type { AnyEventDefinition } from './event-definition.ts';

/** The event definitions that a component knows, by type. Immutable. */
export class EventRegistry {
  readonly #definitions: ReadonlyMap<string, AnyEventDefinition>;

  /**
   * @param definitions - The same definition may be listed twice; two definitions of one type may not.
   * @throws EventDefinitionError when two definitions share a type.
   */
  constructor(definitions: Iterable<AnyEventDefinition>) {
    const byType = new Map<string, AnyEventDefinition>();
    for (const definition of definitions) {
      const other = byType.get(definition?.type);
      if (typeof definition?.type !== 'string') {
        throw new EventDefinitionError(
          'An event registry holds what defineEvent() returns; one of the definitions is something else (an import cycle may leave it undefined).',
        );
      }
      if (other !== undefined && other !== definition) {
        throw new EventDefinitionError(
          `The event type ${JSON.stringify(definition.type)} is defined twice in one registry. Rename one of them, or import the same definition in both places.`,
        );
      }
      byType.set(definition.type, definition);
    }
    this.#definitions = byType;
  }

  /** Takes a registry as it is, or makes one of a list of definitions. */
  static from(definitions: EventRegistry | Iterable<AnyEventDefinition>): EventRegistry {
    return definitions instanceof EventRegistry ? definitions : new EventRegistry(definitions);
  }

  /** The types that are defined, in the order of their definition. */
  get types(): readonly string[] {
    return [...this.#definitions.keys()];
  }

  has(type: string): boolean {
    return this.#definitions.has(type);
  }

  /**
   * The definition of an event's type.
   *
   * @throws UnknownEventTypeError when there is none.
   */
  definitionOf(event: { readonly type: string; readonly id: string }): AnyEventDefinition {
    const definition = this.#definitions.get(event.type);
    if (definition === undefined) throw new UnknownEventTypeError(event.type, event.id, this.#definitions.keys());
    return definition;
  }

  /** A registry that knows these definitions too. */
  with(definitions: Iterable<AnyEventDefinition>): EventRegistry {
    return new EventRegistry([...this.#definitions.values(), ...definitions]);
  }
}
