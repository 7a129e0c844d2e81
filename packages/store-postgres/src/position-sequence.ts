import { StorageError } from '@es/core';
import type { PostgresConnection, Statement } from './postgres-connection.ts';
import { sqlState } from './postgres-failure.ts';
import type { PostgresResult } from './postgres-pool.ts';

const mayNot = '42501';

/**
 * The sequence of which positions are taken. A restore of data alone, or a reset, leaves it behind the log: positions would be given out that are
 * taken, or, in the gaps of the log, behind what readers have read. So before its first append a store makes sure that it isn't.
 */
export class PositionSequence {
  readonly #connection: PostgresConnection;
  readonly #statements: ReturnType<typeof sequenceStatements>;
  #isTrusted = false;

  constructor(connection: PostgresConnection) {
    this.#connection = connection;
    this.#statements = sequenceStatements(connection.names);
  }

  /** Whether it was found to be where it should be. */
  get isTrusted(): boolean {
    return this.#isTrusted;
  }

  /** Has it looked at once more before the next append. */
  distrust(): void {
    this.#isTrusted = false;
  }

  /**
   * Sets it to the end of the log if it is behind.
   *
   * @param query - Asks the database, on whatever connection.
   * @throws StorageError when the database fails, or the role has no right to do that.
   */
  async verify(query: (statement: Statement) => Promise<PostgresResult>): Promise<void> {
    const { rows } = await query(this.#statements.behind);
    if (rows.length > 0) await this.#correct();
    this.#isTrusted = true;
  }

  async #correct(): Promise<void> {
    const { logger, names } = this.#connection;
    const run = this.#connection.transaction('appendEvents', async (client) => {
      // From here on nobody appends, and what the last one has appended can be seen.
      await client.query({ text: `SELECT pg_advisory_xact_lock(${names.locks.log})` });
      await client.query({ text: this.#statements.correct.text });
    });
    await run.catch((error: unknown) => {
      throw sqlState(error) === mayNot ? this.#behind(error) : this.#connection.explain(error, 'appendEvents');
    });
    logger.warn(
      { schema: names.name },
      'the sequence of positions was behind the log, as after a restore of data alone; it was set to its end',
    );
  }

  #behind(cause: unknown): StorageError {
    return new StorageError(
      'ES_STORAGE_SCHEMA',
      `PostgresEventStore.appendEvents: the sequence ${this.#connection.names.schema}.positions is behind the log, as after a restore of data alone, and this role may not set it. ` +
        `Nothing was written. Run as its owner, while nobody appends: ${this.#statements.correct.text}`,
      { cause },
    );
  }
}

function sequenceStatements({ schema }: PostgresConnection['names']): Record<'behind' | 'correct', Statement> {
  // The log is read first: a position in it was taken before, so a sequence that is in order can't be found behind.
  const behind = `FROM (SELECT max(position) AS position FROM ${schema}.events) AS head
WHERE head.position > coalesce(pg_sequence_last_value('${schema}.positions'::regclass), 0)`;
  return {
    behind: { name: 'es_behind', text: `SELECT 1 ${behind}` },
    correct: { name: 'es_correct', text: `SELECT setval('${schema}.positions', head.position) ${behind}` },
  };
}
