/** How serious a log record is, from the least to the most. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

/** Lowest level that a logger lets through; `silent` lets nothing through. */
export type LogThreshold = LogLevel | 'silent';

/** One record as a {@link LogDestination} gets it. */
export interface LogRecord {
  readonly level: LogLevel;
  /** When it was made, in milliseconds since the epoch. */
  readonly time: number;
  /** Name of the logger, such as `eventsource.stores.sqlite`. */
  readonly logger: string;
  /** What happened; absent when the caller gave only fields. */
  readonly message?: string;
  /** Bindings of the logger and fields of the call, and inside a span `trace_id`, `span_id` and `trace_flags`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Where log records go. */
export interface LogDestination {
  /** Takes one record. What it throws is told to OpenTelemetry's diagnostics and not to the code that logs. */
  write(record: LogRecord): void;
  /** `false` for levels whose records it would drop, so that they need not be made; without it every level counts as wanted. */
  isLevelEnabled?(level: LogLevel): boolean;
}

/** Two ways to log: a message alone, or fields with a message. */
export interface LogMethod {
  (fields: object, message?: string): void;
  (message: string): void;
}

/** What a component logs through. A pino logger is one. */
export interface Logger {
  readonly trace: LogMethod;
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  readonly fatal: LogMethod;
  /** A logger that adds these fields to each of its records. */
  child(bindings: object): Logger;
  /** Whether a record of this level would be written. */
  isLevelEnabled(level: LogLevel): boolean;
}

/** A {@link Logger} in the hierarchy of names, whose level can be set. */
export interface NamedLogger extends Logger {
  /** Where it stands in the hierarchy: `eventsource.stores` is above `eventsource.stores.sqlite`. */
  readonly name: string;
  /**
   * Sets the level of this name and of every name below that has none of its own; `undefined` takes it back.
   *
   * @throws {@link UsageError} for an unknown level.
   */
  setLevel(level: LogThreshold | undefined): void;
}
