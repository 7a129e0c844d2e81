import { StorageError, type StorageErrorCode } from '@es/core';

interface Explanation {
  /** Matches the SQLSTATE, the system's error code, or the message where there is neither. */
  readonly symptom: RegExp;
  readonly code: StorageErrorCode;
  readonly advice: string;
}

/** SQLSTATE of a lock that was not got in time. */
export const LOCK_TIMEOUT = '55P03';

const explanations: readonly Explanation[] = [
  {
    symptom: /^(55P03|40P01|40001)$/,
    code: 'ES_STORAGE_BUSY',
    advice: 'Another transaction was in the way for too long. Nothing was written; try again, and look for a transaction that stays open.',
  },
  {
    symptom: /^57014$/,
    code: 'ES_STORAGE_BUSY',
    advice:
      'It took longer than the statement_timeout of the connection, or was cancelled. Nothing was written; try again, or raise the timeout.',
  },
  {
    symptom: /timeout exceeded when trying to connect/,
    code: 'ES_STORAGE_BUSY',
    advice: 'Every connection of the pool was in use for too long. Give back what is checked out, or make the pool larger (`max`).',
  },
  {
    symptom: /^53300$/,
    code: 'ES_STORAGE_BUSY',
    advice: 'The server has no connection left. Use smaller pools or a pooler, or raise max_connections.',
  },
  {
    symptom: /^(53100|53200|54000|54001)$/,
    code: 'ES_STORAGE_FULL',
    advice: 'Nothing was written. Make room on the server (disk, memory, limits), then try again.',
  },
  {
    symptom: /^25006$/,
    code: 'ES_STORAGE_READ_ONLY',
    advice: 'This is a standby, or a read-only transaction. Connect to the primary, for instance with target_session_attrs=read-write.',
  },
  {
    symptom: /^42501$/,
    code: 'ES_STORAGE_READ_ONLY',
    advice:
      "The role lacks a right: grant what the package's README lists, or let a role that may create tables run postgresMigrations() first.",
  },
  {
    symptom: /^(28|3D000)|SASL|password must be a string/,
    code: 'ES_STORAGE_UNAVAILABLE',
    advice: 'The server refused the login. Check user, password and database, and the server’s pg_hba.conf.',
  },
  {
    symptom:
      /^(57P0|08|ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOST|ENETUNREACH|ENOENT)|Connection terminated|Client has encountered a connection error/,
    code: 'ES_STORAGE_UNAVAILABLE',
    advice:
      'The server can’t be reached, or went away. An append that was under way may have been committed: appending the same events again is safe, and tells.',
  },
  {
    symptom: /after calling end on the pool/,
    code: 'ES_STORAGE_UNAVAILABLE',
    advice: 'Its owner has ended the pool; close the stores first, and the pool that they were given afterwards.',
  },
  {
    symptom: /^25000$/,
    code: 'ES_STORAGE_FAILURE',
    advice: 'Append at READ COMMITTED: other isolation levels look at an old snapshot, and could not see what others have appended since.',
  },
  {
    symptom: /^(42883|42P01|3F000)$/,
    code: 'ES_STORAGE_SCHEMA',
    advice: 'The tables or functions of the stores are not there, or not all. Restore them, or drop the schema if it is empty.',
  },
  { symptom: /^XX00[12]$/, code: 'ES_STORAGE_CORRUPT', advice: 'Stop writing, keep a copy of the data folder, and restore a backup.' },
  {
    symptom: /^58030$/,
    code: 'ES_STORAGE_FAILURE',
    advice: "The server's disk failed: see its log. What was acknowledged before is stored.",
  },
  { symptom: /^[0-9A-Z]{5}$/, code: 'ES_STORAGE_FAILURE', advice: 'The cause is what PostgreSQL reported.' },
];

/** A connection that ended under a query, or a server that is just starting or stopping: the same query may succeed on another connection. */
const lost = /^(57P0[123]|08|ECONNRESET|EPIPE)|Connection terminated|Client has encountered a connection error/;
/** While a server restarts. */
const unreachable = /^ECONNREFUSED$/;

/**
 * Says a failure of PostgreSQL in words: what was tried, where, why it failed, what to do. Any other error is returned as it is.
 *
 * @param operation - What was tried, such as `PostgresEventStore.appendEvents`.
 * @param place - Server and database, without secrets.
 */
export function explainFailure(error: unknown, operation: string, place: string): unknown {
  if (!(error instanceof Error) || error instanceof StorageError) return error;
  const found = explanations.find(({ symptom }) => symptom.test(symptomOf(error)) || symptom.test(error.message));
  if (found === undefined) return error;
  const state = codeOf(error);
  const reason = state === undefined ? messageOf(error) : `${messageOf(error)} (${state})`;
  return new StorageError(found.code, `${operation} failed on ${place}: ${reason}. ${found.advice}`, { cause: error });
}

/** Tells whether a query that failed so may be tried again on another connection. */
export function isConnectionLost(error: unknown): boolean {
  return error instanceof Error && (lost.test(symptomOf(error)) || lost.test(error.message));
}

/** Tells whether the server did not answer at all. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof Error && unreachable.test(symptomOf(error));
}

/** The SQLSTATE of a failure, its own or its cause's. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  if (code !== undefined && /^[0-9A-Z]{5}$/.test(code)) return code;
  return sqlState(error.cause);
}

/** The name of the constraint that a failure, or its cause, is about. */
export function violated(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : violated(error.cause);
}

function symptomOf(error: Error): string {
  return codeOf(error) ?? error.message;
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** An error about several addresses has no message of its own. */
function messageOf(error: Error): string {
  if (error.message !== '') return error.message;
  return error instanceof AggregateError
    ? error.errors.map((one) => (one instanceof Error ? one.message : String(one))).join('; ')
    : error.name;
}
