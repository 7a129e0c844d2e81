/** A query in the form in which the stores hand it to a driver: values as they go over the wire, rows wanted as arrays of text. */
export interface PostgresQuery {
  readonly text: string;
  readonly values?: unknown[];
  /** Prepared under this name, once a connection; without a name, parsed every time. */
  readonly name?: string;
  readonly rowMode?: 'array';
  readonly types?: { getTypeParser(...type: unknown[]): (text: string) => unknown };
}

/** What comes back of a query. */
export interface PostgresResult {
  readonly rows: unknown[];
  readonly rowCount: number | null;
  /** The first word of what the server says it did, such as `COMMIT`. */
  readonly command: string;
}

/** What the stores need of a connection; a `Client` of pg is one. */
export interface PostgresQueryable {
  query(query: PostgresQuery): Promise<PostgresResult>;
}

/** A connection with an open transaction, which is not the caller's to end: a `PoolClient` of pg, by what can safely be done with it. */
export interface PostgresTransaction extends PostgresQueryable {
  query(query: PostgresQuery): Promise<PostgresResult>;
  /** Runs one statement; its values stand for `$1`, `$2` and so on. */
  query(text: string, values?: unknown[]): Promise<{ readonly rows: Record<string, unknown>[]; readonly rowCount: number | null }>;
}

/** What the stores need of a connection that a pool lends; a `PoolClient` of pg is one. */
export interface PostgresPoolClient extends PostgresTransaction {
  on(event: 'notification', listener: () => void): unknown;
  on(event: 'error' | 'end', listener: (error?: Error) => void): unknown;
  removeListener(event: 'error', listener: () => void): unknown;
  removeAllListeners(event?: 'notification'): unknown;
  /** Gives the connection back, or, with an error or true, ends it. */
  release(error?: Error | boolean): void;
}

/** What the stores need of a pool that is handed in; a `Pool` of pg is one. */
export interface PostgresPool extends PostgresQueryable {
  /** What the pool was made with; read for the server's address, and for the number of connections. */
  readonly options: object;
  connect(): Promise<PostgresPoolClient>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  end(): Promise<void>;
}
