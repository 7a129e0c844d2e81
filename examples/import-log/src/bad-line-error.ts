/** A line of the log can't be imported as it is. Everything before it has been. */
export class BadLineError extends Error {
  override readonly name = 'BadLineError';
  readonly code = 'BAD_LINE';
  /** Counted from 1. */
  readonly line: number;
  /** The field at fault, or `undefined` for the whole line. */
  readonly field: string | undefined;

  constructor(line: number, field: string | undefined, reason: string, options?: ErrorOptions) {
    super(`Line ${line}${field === undefined ? '' : `, field ${JSON.stringify(field)}`}: ${reason}`, options);
    this.line = line;
    this.field = field;
  }
}
