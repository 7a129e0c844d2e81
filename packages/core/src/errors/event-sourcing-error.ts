/**
 * Base class of every error that `@es` throws on purpose.
 *
 * Match on {@link EventSourcingError.code}, which is stable across releases, rather than with `instanceof`: an installation may hold two
 * copies of a package, and so two classes of the same name. {@link hasErrorCode} does so safely on any caught value.
 */
export abstract class EventSourcingError extends Error {
  /** Stable, machine-readable name of what went wrong, such as `ES_CONCURRENCY`. */
  readonly code: string;

  protected constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Tells whether a caught value is an error with the given stable code; works across copies of a package. */
export function hasErrorCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
