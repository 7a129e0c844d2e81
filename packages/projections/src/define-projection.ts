import { DeclarativeProjection, type ProjectionOptions } from './declarative-projection.ts';
import { HandlerTable } from './handler-table.ts';
import type { ProjectionHandler } from './projection-handler.ts';

/** A projection without a class of its own. */
export interface ProjectionDefinition extends ProjectionOptions {
  readonly name: string;
  readonly handlers: readonly ProjectionHandler[];
}

/**
 * Makes a projection of its handlers.
 *
 * @throws InvalidArgumentError when it has no name or no handler, or two handlers have one name; EventDefinitionError when two definitions
 * share a type.
 */
export function defineProjection(definition: ProjectionDefinition): DeclarativeProjection {
  return new DefinedProjection(definition);
}

class DefinedProjection extends DeclarativeProjection {
  protected readonly handlers: readonly ProjectionHandler[];

  constructor({ handlers, ...options }: ProjectionDefinition) {
    super(options);
    // Checked now, so that a mistake shows where it was made and not at the first event.
    this.handlers = new HandlerTable(this.name, handlers).handlers;
  }
}
