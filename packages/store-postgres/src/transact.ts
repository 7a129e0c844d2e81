import { StorageError } from '@es/core';
import type { PostgresPoolClient } from './postgres-pool.ts';

/**
 * Runs a function in a transaction on a connection that was lent, and gives that back. Each statement sees what others have committed by then,
 * whatever the database's default.
 *
 * @throws what `fn` or the driver throws, after everything was rolled back; StorageError when `fn` kept a failed statement to itself.
 */
export async function transact<T>(client: PostgresPoolClient, fn: () => Promise<T>): Promise<T> {
  // A connection that is lost while nothing is asked of it would end the process; the next statement fails in any case.
  const ignore = (): void => undefined;
  client.on('error', ignore);
  const giveBack = (isBroken: boolean): void => {
    client.removeListener('error', ignore);
    client.release(isBroken);
  };
  try {
    await client.query({ text: 'BEGIN ISOLATION LEVEL READ COMMITTED' });
    const result = await fn();
    const { command } = await client.query({ text: 'COMMIT' });
    if (command === 'ROLLBACK') throw rolledBack();
    giveBack(false);
    return result;
  } catch (error) {
    giveBack(!(await isUndone(client)));
    throw error;
  }
}

/** Outside of a transaction this does nothing. */
async function isUndone(client: PostgresPoolClient): Promise<boolean> {
  try {
    await client.query({ text: 'ROLLBACK' });
    return true;
  } catch {
    return false;
  }
}

/** PostgreSQL takes the `COMMIT` of a transaction in which a statement has failed for a `ROLLBACK`, and calls that a success. */
function rolledBack(): StorageError {
  return new StorageError(
    'ES_STORAGE_FAILURE',
    'Nothing was written: a statement of the transaction failed, and its error was caught. Let it through, or wrap what may fail in a savepoint.',
  );
}
