/**
 * Base class of every error that `@es` throws on purpose.
 *
 * Match on {@link EventSourcingError.code}, which is stable across releases, rather than with `instanceof`: an installation may hold two
 * copies of a package, and so two classes of the same name. `hasErrorCode` does so safely on any caught value.
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
