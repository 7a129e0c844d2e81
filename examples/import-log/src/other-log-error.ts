/** The log is not the one whose beginning was imported before. Nothing was imported. */
export class OtherLogError extends Error {
  override readonly name = 'OtherLogError';
  readonly code = 'OTHER_LOG';

  constructor(logName: string, imported: number, reason: string) {
    super(
      `The store says that ${imported} lines of the log ${JSON.stringify(logName)} are imported, but ${reason}. ` +
        'If this is another log, give it a --name of its own; if its lines were changed, import it into a new store.',
    );
  }
}
