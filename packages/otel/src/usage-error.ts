/** This package was called in a way that can't work; the message says what to write instead. Code `ES_INVALID_ARGUMENT`. */
export class UsageError extends TypeError {
  /** Stable across releases; match on this rather than on the class or the message. */
  readonly code = 'ES_INVALID_ARGUMENT';
  override readonly name = 'UsageError';
}
