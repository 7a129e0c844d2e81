import { ClosedError, delay, type StorageDescription } from '@es/core';
import {
  ATTR_DB_COLLECTION_NAME,
  ATTR_DB_NAMESPACE,
  ATTR_DB_SYSTEM,
  ATTR_DB_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  getLogger,
  type Logger,
  SpanKind,
} from '@es/otel';
import { Pool } from 'pg';
import { PACKAGE_NAME, PACKAGE_VERSION } from './package-info.ts';
import { explainFailure, isConnectionLost, isUnreachable, sqlState } from './postgres-failure.ts';
import { checkLocation, type PostgresOptions } from './postgres-options.ts';
import type { PostgresPool, PostgresPoolClient, PostgresQuery, PostgresQueryable, PostgresResult } from './postgres-pool.ts';
import { isInstrumented, type PostgresServer, serverOf } from './postgres-server.ts';
import { migrate } from './schema.ts';
import { type SqlNames, sqlNames } from './sql-names.ts';
import { transact } from './transact.ts';

/** Where the stores log, in the hierarchy of loggers. */
const LOGGER_NAME = 'eventsource.stores.postgres';

/** A statement and the name under which connections keep it prepared; the schema's name is added to that. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

const defaultSchema = 'es';
const connectTimeoutMs = 10_000;
/** Waits before a query whose connection was lost is sent again: a server that restarts is back within seconds. */
const retryDelaysMs = [20, 100, 300, 1_000, 2_000];
const verbatim = { getTypeParser: () => (text: string) => text };

/** The view that one store has of its database: its messages, its statements, its end. */
export class PostgresConnection {
  readonly logger: Logger;
  readonly names: SqlNames;
  readonly #component: string;
  readonly #pool: PostgresPool;
  readonly #isOwn: boolean;
  readonly #prepare: boolean;
  readonly #server: PostgresServer;
  readonly #onIdleError: (error: Error) => void;
  readonly #inHand = new Set<Promise<unknown>>();
  #isReady: Promise<void> | undefined;
  #isClosed = false;

  /** Connects to nothing yet. @throws InvalidArgumentError when the options can't be meant. */
  constructor(component: string, options: PostgresOptions) {
    checkLocation(component, options);
    this.names = sqlNames(options.schema ?? defaultSchema);
    this.#component = component;
    this.logger = options.logger ?? getLogger(LOGGER_NAME);
    this.#isOwn = options.pool === undefined;
    this.#pool =
      options.pool ??
      new Pool({ connectionString: options.connectionString, connectionTimeoutMillis: connectTimeoutMs, application_name: PACKAGE_NAME });
    this.#prepare = options.prepare ?? true;
    this.#server = serverOf(this.#pool);
    // A pool without a listener would end the process when a connection breaks that nobody uses; the pool replaces it by itself.
    // Its message alone, since pg hangs the whole connection on it.
    this.#onIdleError = ({ message: reason }) => {
      if (!this.#isClosed) this.logger.warn({ reason, server: this.#server.text }, 'an idle connection was lost');
    };
    this.#pool.on('error', this.#onIdleError);
  }

  /** What a store's spans and metrics say of its database. */
  describe(collection: string): StorageDescription {
    const { database, address, port } = this.#server;
    return {
      component: this.#component,
      logger: LOGGER_NAME,
      scope: { name: PACKAGE_NAME, version: PACKAGE_VERSION },
      spanKind: isInstrumented(this.#pool) ? SpanKind.INTERNAL : SpanKind.CLIENT,
      attributes: {
        [ATTR_DB_SYSTEM_NAME]: 'postgresql',
        [ATTR_DB_SYSTEM]: 'postgresql',
        [ATTR_DB_NAMESPACE]: database === undefined ? this.names.name : `${database}|${this.names.name}`,
        [ATTR_DB_COLLECTION_NAME]: collection,
        ...(address === undefined ? {} : { [ATTR_SERVER_ADDRESS]: address }),
        ...(port === undefined ? {} : { [ATTR_SERVER_PORT]: port }),
      },
      statusCodeOf: sqlState,
    };
  }

  /**
   * Runs a statement that may run twice: where the connection is lost on the way, it is sent again on another one.
   *
   * @returns its rows: arrays of text.
   * @throws StorageError when the database fails; ClosedError when the store was closed in the meantime.
   */
  async query(operation: string, statement: Statement, values: readonly unknown[] = []): Promise<PostgresResult> {
    let hasLost = false;
    for (const wait of [...retryDelaysMs, undefined]) {
      if (this.#isClosed) throw new ClosedError(this.#component, operation);
      try {
        await this.#ready();
        return await this.#keepInHand(this.#pool.query(this.prepared(statement, values)));
      } catch (error) {
        hasLost ||= isConnectionLost(error);
        const mayRetry = isConnectionLost(error) || (hasLost && isUnreachable(error));
        if (wait === undefined || !mayRetry) throw this.explain(error, operation);
        this.logger.debug({ err: error, operation, server: this.#server.text }, 'connection lost; sent again on another one');
      }
      await delay(wait);
    }
    throw new ClosedError(this.#component, operation);
  }

  /** Runs a statement on a caller's connection, once. */
  async queryOn(client: PostgresQueryable, operation: string, statement: Statement, values: readonly unknown[]): Promise<PostgresResult> {
    try {
      await this.#ready();
      return await client.query(this.prepared(statement, values));
    } catch (error) {
      throw this.explain(error, operation);
    }
  }

  /**
   * Runs a function in a transaction at READ COMMITTED, on a connection of its own.
   *
   * @throws what `fn` throws, as it is; StorageError when the database fails before or after it. Nothing was written then, unless the connection
   * was lost in the commit.
   */
  async transaction<T>(operation: string, fn: (client: PostgresPoolClient) => Promise<T>): Promise<T> {
    return this.#keepInHand(this.#transact(operation, fn));
  }

  /** A connection for one use alone; to be given back. */
  async connect(): Promise<PostgresPoolClient> {
    await this.#ready();
    return this.#pool.connect();
  }

  /** How many connections the pool has at most; `undefined` where it doesn't say. */
  get maximumConnections(): number | undefined {
    const { options } = this.#pool;
    return 'max' in options && typeof options.max === 'number' ? options.max : undefined;
  }

  /** Waits for the queries that were begun, and ends the pool if it is ours. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled([...this.#inHand]);
    // A pool has ended before its connections have: a server that goes away just then must not end the process, so our listener stays.
    if (this.#isOwn) await this.#pool.end();
    else this.#pool.removeListener('error', this.#onIdleError);
  }

  /** An error of the database, in words. */
  explain(error: unknown, operation: string): unknown {
    return explainFailure(error, `${this.#component}.${operation}`, this.#server.text);
  }

  /** The statement in the form in which it goes to the driver. */
  prepared({ name, text }: Statement, values: readonly unknown[]): PostgresQuery {
    const query: PostgresQuery = { text, values: [...values], rowMode: 'array', types: verbatim };
    return this.#prepare ? { ...query, name: `${name}@${this.names.name}` } : query;
  }

  async #transact<T>(operation: string, fn: (client: PostgresPoolClient) => Promise<T>): Promise<T> {
    let failure: { readonly error: unknown } | undefined;
    try {
      const client = await this.connect();
      return await transact(client, async () => {
        try {
          return await fn(client);
        } catch (error) {
          failure = { error };
          throw error;
        }
      });
    } catch (error) {
      throw failure === undefined ? this.explain(error, operation) : failure.error;
    }
  }

  #ready(): Promise<void> {
    this.#isReady ??= this.#migrate().catch((error: unknown) => {
      // The next operation tries again.
      this.#isReady = undefined;
      throw error;
    });
    return this.#isReady;
  }

  async #migrate(): Promise<void> {
    const { from, to } = await migrate(this.#pool, this.names, () => this.#pool.connect());
    if (from < to) this.logger.info({ server: this.#server.text, schema: this.names.name, from, to }, 'schema migrated');
  }

  async #keepInHand<T>(running: Promise<T>): Promise<T> {
    this.#inHand.add(running);
    try {
      return await running;
    } finally {
      this.#inHand.delete(running);
    }
  }
}
