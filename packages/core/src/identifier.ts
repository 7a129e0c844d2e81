/**
 * Tells whether a value can name something in every store: text that is not empty, is well-formed Unicode (a lone surrogate would be replaced on
 * the way to a database, and two names become one), and has no NUL character, which PostgreSQL can't store.
 */
export function isIdentifier(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed() && !value.includes('\0');
}

/** What {@link isIdentifier} asks for, for error messages. */
export const identifierRule = 'a non-empty string of well-formed Unicode without NUL';
