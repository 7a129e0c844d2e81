/** What the stores need of a prepared statement; one of better-sqlite3 is one. */
export interface SqliteStatement {
  /** Whether it gives rows back. */
  readonly reader: boolean;
  run(...parameters: unknown[]): { readonly changes: number; readonly lastInsertRowid: number | bigint };
  get(...parameters: unknown[]): unknown;
  all(...parameters: unknown[]): unknown[];
  raw(toggle?: boolean): this;
  safeIntegers(toggle?: boolean): this;
}

/** What the stores need of a database that is handed in; one of better-sqlite3 is one. */
export interface SqliteDatabase {
  /** The path with which it was opened. */
  readonly name: string;
  readonly memory: boolean;
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): unknown;
  pragma(source: string, options?: { simple?: boolean }): unknown;
  close(): unknown;
}
