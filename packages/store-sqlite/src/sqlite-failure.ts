import { StorageError, type StorageErrorCode } from '@es/core';

interface Explanation {
  /** Matches SQLite's own code, or the message where better-sqlite3 gives no code. */
  readonly symptom: RegExp;
  readonly code: StorageErrorCode;
  readonly advice: string;
}

const explanations: readonly Explanation[] = [
  {
    symptom: /^SQLITE_(BUSY|PROTOCOL)/,
    code: 'ES_STORAGE_BUSY',
    advice: 'It was tried again until the deadline. Look for a long transaction elsewhere, or raise busyTimeoutMs.',
  },
  {
    symptom: /^SQLITE_LOCKED|busy executing a query/,
    code: 'ES_STORAGE_BUSY',
    advice: 'It was tried again until the deadline. Finish iterating over statements of this connection, or give the store one of its own.',
  },
  {
    symptom: /^SQLITE_FULL/,
    code: 'ES_STORAGE_FULL',
    advice: 'What is stored is untouched. Make room on the disk (or raise max_page_count), then try again.',
  },
  {
    symptom: /^SQLITE_READONLY/,
    code: 'ES_STORAGE_READ_ONLY',
    advice: 'Give the process the right to write to the file and its folder, or open the database without `readonly`.',
  },
  {
    symptom: /^SQLITE_NOTADB/,
    code: 'ES_STORAGE_CORRUPT',
    advice: 'Check the path; if it is right, restore the file from a backup.',
  },
  {
    symptom: /^SQLITE_CORRUPT/,
    code: 'ES_STORAGE_CORRUPT',
    advice: 'Stop writing, keep a copy of the file and its -wal, and restore a backup (or rescue what `sqlite3 FILE .recover` can read).',
  },
  {
    symptom: /directory does not exist/,
    code: 'ES_STORAGE_UNAVAILABLE',
    advice: 'Create the folder first, or correct the path.',
  },
  {
    symptom: /^SQLITE_(CANTOPEN|PERM|AUTH)/,
    code: 'ES_STORAGE_UNAVAILABLE',
    advice: 'Check the path, and that the process may read and write the file, its -wal and its folder.',
  },
  {
    symptom: /connection is not open/,
    code: 'ES_STORAGE_UNAVAILABLE',
    advice: 'Its owner has closed it; close the stores first, and the database that they were given afterwards.',
  },
  {
    symptom: /^SQLITE_IOERR/,
    code: 'ES_STORAGE_FAILURE',
    advice: "The disk or the file system failed: see the system's log. What was acknowledged before is stored.",
  },
  { symptom: /^SQLITE_/, code: 'ES_STORAGE_FAILURE', advice: 'The cause is what SQLite reported.' },
];

/**
 * Says a failure of SQLite in words: what was tried, on which file, why it failed, what to do. Any other error is returned as it is.
 *
 * @param operation - What was tried, such as `SqliteEventStore.appendEvents`.
 * @param file - The database's path.
 */
export function explainFailure(error: unknown, operation: string, file: string): unknown {
  const code = sqliteCode(error);
  if (!(error instanceof Error) || (code === undefined && !(error instanceof TypeError))) return error;
  // A rule of the application's own tables, broken inside our transaction by its own statement.
  if (code?.startsWith('SQLITE_CONSTRAINT') && !error.message.includes(' es_')) return error;
  const found = explanations.find(({ symptom }) => symptom.test(code ?? error.message));
  if (found === undefined) return error;
  const reason = code === undefined ? error.message : `${error.message} (${code})`;
  return new StorageError(found.code, `${operation} failed on ${file}: ${reason}. ${found.advice}`, { cause: error });
}

/** Tells whether an error means that another connection, or the database's owner, is in the way for the moment. */
export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  if (code !== undefined) return /^SQLITE_(BUSY|LOCKED|PROTOCOL)/.test(code);
  return error instanceof TypeError && error.message.includes('busy executing a query');
}

function sqliteCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
