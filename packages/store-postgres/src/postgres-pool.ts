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
}

/** What the stores need of a connection; a `Client` of pg is one. */
export interface PostgresQueryable {
  query(query: PostgresQuery): Promise<PostgresResult>;
}

/** What the stores need of a connection that a pool lends; a `PoolClient` of pg is one. */
export interface PostgresPoolClient extends PostgresQueryable {
  on(event: 'notification', listener: () => void): unknown;
  on(event: 'error' | 'end', listener: (error?: Error) => void): unknown;
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
