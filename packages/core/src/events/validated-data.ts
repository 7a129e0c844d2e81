import type { AnyEventDefinition } from './event-definition.ts';

/*
 * Data is frozen, so once it has passed a definition's schema it passes for ever: a store need not validate again what an aggregate raised.
 * With two copies of this package the mark is missing, and the data is validated once more. Events that were read carry no mark: they are many,
 * and seldom appended again.
 */
const validated = new WeakMap<object, AnyEventDefinition>();

/** Remembers that frozen data is JSON-safe and valid by a definition. */
export function markValidated(data: unknown, definition: AnyEventDefinition): void {
  if (typeof data === 'object' && data !== null && Object.isFrozen(data)) validated.set(data, definition);
}

/** Tells whether data is known to be frozen and JSON-safe. */
export function isJsonSafe(data: unknown): boolean {
  return typeof data === 'object' && data !== null && validated.has(data);
}

/** Tells whether data is known to be valid by a definition. */
export function isValidatedBy(data: unknown, definition: AnyEventDefinition): boolean {
  return typeof data === 'object' && data !== null && validated.get(data) === definition;
}
